"""How many licenses of an agency are in use, where it may have only so many.

In use is what is held and not inactive, and what is on its way: a New User License that is asked
for, a reactivation or recertification that is approved, and who is to come from another agency.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CompoundSelect, Select, and_, func, or_, select, union
from sqlalchemy.orm import Session

from helpdesk.models.agency import Agency
from helpdesk.models.license import License
from helpdesk.models.ticket import Ticket
from helpdesk.transaction import WRITING, hold
from workflows.common import APPROVED, BEING_SET_UP
from workflows.facts import Seats
from workflows.guards import NEW_USER, REACTIVATE, RECERTIFY
from workflows.license import HELD, WORKFLOW

IN_USE = and_(License.state.in_(HELD), License.inactive_at.is_(None))
ON_ITS_WAY = or_(
    and_(Ticket.type == NEW_USER, Ticket.open, Ticket.version > 0),
    and_(Ticket.type.in_((REACTIVATE, RECERTIFY)), Ticket.state.in_((APPROVED, BEING_SET_UP))),
)
COMING = "on the way"


@dataclass(frozen=True)
class Usage:
    """`parts`: how many are in which state, in words, the most frequent first."""

    limit: int
    parts: Mapping[str, int]

    @property
    def used(self) -> int:
        return sum(self.parts.values())

    @property
    def over(self) -> int:
        return max(self.used - self.limit, 0)


def none_left_for(session: Session, row: License, agency: Agency) -> bool:
    """Whether a license that moves to the agency would be one too many there; one that is not in
    use takes none."""
    used = row.state in HELD and row.inactive_at is None
    seats = seen_by(session, agency, row.person_id) if used else None
    return seats is not None and seats.full


def seen_by(session: Session, agency: Agency | None, person_id: int) -> Seats | None:
    """What a guard wants to know. Whoever writes holds the agency until the commit, so that two
    cannot take its last license."""
    if agency is None or agency.seats is None:
        return None
    if session.info.get(WRITING):
        hold(session, Agency.id, agency.id)
    using = set(_users(session, agency.id))
    return Seats(agency.name, agency.seats, len(using - {person_id}), person_id in using)


def usage(session: Session, agency: Agency) -> Usage | None:
    """None: it may have as many as it likes."""
    if agency.seats is None:
        return None
    parts = Counter(_users(session, agency.id).values())
    return Usage(agency.seats, dict(parts.most_common()))


def used(session: Session) -> dict[int, int]:
    """How many are in use at each agency that may have only so many and has any."""
    places: CompoundSelect[Any] = union(
        select(Ticket.agency_id.label("agency_id"), Ticket.person_id).where(ON_ITS_WAY),
        select(License.moves_to_id, License.person_id).where(IN_USE),
        select(License.agency_id, License.person_id).where(IN_USE),
    )
    each = places.subquery()
    limited = select(each.c.agency_id, func.count()).join(Agency, Agency.id == each.c.agency_id)
    counted = limited.where(Agency.seats.is_not(None)).group_by(each.c.agency_id)
    return dict(session.execute(counted).all())


def _users(session: Session, agency_id: int) -> dict[int, str]:
    """Whose licenses are in use, each with its state in words."""
    coming: Select[int] = select(Ticket.person_id).where(Ticket.agency_id == agency_id, ON_ITS_WAY)
    moving = select(License.person_id).where(License.moves_to_id == agency_id, IN_USE)
    held = select(License.person_id, License.state).where(License.agency_id == agency_id, IN_USE)
    found = dict.fromkeys(session.scalars(coming.union_all(moving)), COMING)
    return found | {person: _label(state) for person, state in session.execute(held)}


def _label(state: str) -> str:
    return WORKFLOW.states[state].label.lower()
