"""How much somebody needs their agency's admin, and how soon: one number, found by the database.

A request on its way changes it: while HAND has it, nobody at the agency has to do anything; while
it waits on the agency, nothing comes before it.
"""

from datetime import date, timedelta
from enum import IntEnum, StrEnum

from sqlalchemy import ColumnElement, Subquery, case, func, select

from helpdesk.extensions import now, settings
from helpdesk.models.license import License
from helpdesk.models.ticket import Ticket
from helpdesk.services.words import local
from workflows import license as licenses
from workflows.engine import Needs


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
    ON_LEAVE = 9
    LEFT = 10


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
    Urgency.ON_LEAVE: Light.WELL,
    Urgency.LEFT: Light.WELL,
}

STOPPED = {
    licenses.EXPIRED: Urgency.EXPIRED,
    licenses.LOCKED: Urgency.LOCKED,
    licenses.INACTIVE: Urgency.INACTIVE,
    licenses.SUSPENDED: Urgency.SUSPENDED,
}


def urgency(asked: ColumnElement[int]) -> ColumnElement[int]:
    """Of a row of `Person` and `License`, with `asked` as `open_requests` finds it."""
    day = local(now()).date()
    quiet_after = timedelta(days=settings().IDLE_NOTICE_DAYS)
    return case(
        (asked == 1, Urgency.ANSWER),
        (asked == 0, Urgency.WITH_HAND),
        (_gone() & License.departed_on.is_not(None), Urgency.LEFT),
        (_gone() & _away(day), Urgency.ON_LEAVE),
        *((License.state == state, rank) for state, rank in STOPPED.items()),
        (License.expires_on <= day + window(), Urgency.ENDS_SOON),
        (License.last_login_at < now() - quiet_after, Urgency.QUIET),
        else_=Urgency.FINE,
    )


def _gone() -> ColumnElement[bool]:
    return License.state.in_((licenses.INACTIVE, licenses.EXPIRED))


def _away(day: date) -> ColumnElement[bool]:
    """On leave, and not expected back yet."""
    return License.on_leave_since.is_not(None) & (
        License.leave_until.is_(None) | (License.leave_until > day)
    )


def window() -> timedelta:
    """How long before its expiry a license can be recertified."""
    return timedelta(days=settings().RECERTIFICATION_WINDOW_DAYS)


def open_requests(visible: ColumnElement[bool]) -> Subquery:
    """To be joined by `person_id` to people: `asked` is 1 for whom an open request waits on the
    agency, 0 where HAND has all of them. `visible`: the tickets that the reader may see.

    Found once for everybody: asking for each person costs twice as much for a large agency.
    """
    turn = func.max(case((Ticket.waits_on == Needs.AGENCY, 1), else_=0)).label("asked")
    open_ones = select(Ticket.person_id, turn).where(Ticket.open, visible)
    return open_ones.group_by(Ticket.person_id).subquery()
