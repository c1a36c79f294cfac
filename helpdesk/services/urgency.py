"""How much somebody needs their agency's admin, and how soon: one number, found by the database.

A request on its way changes it: while HAND has it, nobody at the agency has to do anything; while
it waits on the agency, nothing comes before it.
"""

from datetime import timedelta
from enum import IntEnum, StrEnum

from sqlalchemy import ColumnElement, case, func, select

from helpdesk.extensions import now, settings
from helpdesk.models.license import License
from helpdesk.models.person import Person
from helpdesk.models.ticket import Ticket
from helpdesk.services.words import local
from workflows import license as licenses
from workflows.engine import Needs

QUIET_AFTER = timedelta(days=30)
"""So long without a log-in, and a license is on its way to being inactive."""


class Urgency(IntEnum):
    """The most urgent first."""

    ANSWER = 0
    EXPIRED = 1
    LOCKED = 2
    INACTIVE = 3
    SUSPENDED = 4
    ENDS_SOON = 5
    QUIET = 6
    WITH_HAND = 7
    FINE = 8


class Light(StrEnum):
    """What a traffic light says to an admin."""

    NOW = "now"
    SOON = "soon"
    HAND = "hand"
    WELL = "well"


LIGHTS = {
    Urgency.ANSWER: Light.NOW,
    Urgency.EXPIRED: Light.NOW,
    Urgency.LOCKED: Light.NOW,
    Urgency.INACTIVE: Light.NOW,
    Urgency.SUSPENDED: Light.NOW,
    Urgency.ENDS_SOON: Light.SOON,
    Urgency.QUIET: Light.SOON,
    Urgency.WITH_HAND: Light.HAND,
    Urgency.FINE: Light.WELL,
}

STOPPED = {
    licenses.EXPIRED: Urgency.EXPIRED,
    licenses.LOCKED: Urgency.LOCKED,
    licenses.INACTIVE: Urgency.INACTIVE,
    licenses.SUSPENDED: Urgency.SUSPENDED,
}


def urgency(visible: ColumnElement[bool]) -> ColumnElement[int]:
    """Of a row of `Person` and `License`. `visible`: the tickets that the reader may see."""
    asked, soon = _waits_on_agency(visible), local(now()).date() + window()
    return case(
        (asked == 1, Urgency.ANSWER),
        (asked == 0, Urgency.WITH_HAND),
        *((License.state == state, rank) for state, rank in STOPPED.items()),
        (License.expires_on <= soon, Urgency.ENDS_SOON),
        (License.last_login_at < now() - QUIET_AFTER, Urgency.QUIET),
        else_=Urgency.FINE,
    )


def window() -> timedelta:
    """How long before its expiry a license can be recertified."""
    return timedelta(days=settings().RECERTIFICATION_WINDOW_DAYS)


def _waits_on_agency(visible: ColumnElement[bool]) -> ColumnElement[int]:
    """1: an open request waits on the agency; 0: HAND has all of them; NULL: there is none."""
    turn = func.max(case((Ticket.waits_on == Needs.AGENCY, 1), else_=0))
    open_ones = select(turn).where(Ticket.person_id == Person.id, Ticket.open, visible)
    return open_ones.correlate(Person).scalar_subquery()
