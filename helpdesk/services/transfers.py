"""Somebody moves to another agency: today, or on a day to come that can be taken back until it is
there. A license that belongs to no agency is given to one the same way.

Open requests stay with the agency that filed them; what somebody may do for the agency they leave
ends with the move.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.actor import Actor
from helpdesk.models.agency import Agency
from helpdesk.models.license import License
from helpdesk.models.person import Person
from helpdesk.services import licenses, seats
from helpdesk.services.facts import today
from helpdesk.transaction import transaction
from workflows.engine import Reason, Refused
from workflows.license import MOVE

BEING_DELETED = "It is being deleted, as somebody at HAND has confirmed. Keep it first."


@dataclass(frozen=True)
class Transfer:
    """`on`: the first day at the agency `to`. `reason`: for HAND's own history."""

    to: int
    on: date
    reason: str = ""


def transfer(license_id: int, told: Transfer, actor: Actor) -> License:
    """Now, or on the day that was told. The same transfer twice is one. What the HMIS
    itself tells of a move is no transfer, and ends a deletion. Raises `Refused`."""
    ahead = told.on > today()
    with transaction() as session:
        row = licenses.held(session, license_id)
        if _so_already(row, told, ahead=ahead):
            return row
        if row.facts.confirmed:
            raise Refused([Reason(BEING_DELETED)])
        to = session.get_one(Agency, told.to)
        before = session.get(Agency, row.agency_id or 0)
        data = {
            "on": told.on.isoformat(),
            **from_to(before, to),
            "message": told.reason or None,
        }
        full = seats.none_left_for(session, row, to)
        step = "plan_move" if ahead else MOVE
        return licenses.take(session, row, step, actor, data, full_there=full)


def _so_already(row: License, told: Transfer, *, ahead: bool) -> bool:
    """Raises `Refused` for a plan to come to where they are."""
    if not ahead:
        return row.agency_id == told.to
    if row.agency_id == told.to:
        raise Refused([Reason("That is the agency they belong to already.", field="agency")])
    return (row.moves_to_id, row.moves_on) == (told.to, told.on)


def cancel(license_id: int, actor: Actor) -> License:
    """Takes a transfer back whose day is still to come. Raises `Refused`."""
    with transaction() as session:
        row = licenses.held(session, license_id)
        to, before = (session.get(Agency, n or 0) for n in (row.moves_to_id, row.agency_id))
        return licenses.take(session, row, "cancel_move", actor, from_to(before, to))


def coming(session: Session, agency_id: int) -> list[Person]:
    """Who is to move to the agency on a day to come, by name."""
    query = select(Person).join(License, License.person_id == Person.id)
    by_name = (Person.last_name, Person.first_name, Person.id)
    return list(session.scalars(query.where(License.moves_to_id == agency_id).order_by(*by_name)))


def from_to(before: Agency | None, to: Agency | None) -> dict[str, Any]:
    """What each event of a move tells, so that it reads the same whatever becomes of them."""
    return {
        "from_id": before.id if before else None,
        "from_name": before.name if before else None,
        "agency_id": to.id if to else None,
        "to_name": to.name if to else None,
    }
