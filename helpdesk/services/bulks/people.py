"""Whom a bulk may be about."""

from collections.abc import Collection

from sqlalchemy import Select, and_, exists, or_, select
from sqlalchemy.orm import Session

from helpdesk.models.license import License
from helpdesk.models.person import Person
from helpdesk.models.ticket import Ticket
from helpdesk.services.facts import today
from helpdesk.services.urgency import window
from workflows.guards import RECERTIFY
from workflows.license import ACTIVE, EXPIRED, HELD

Held = tuple[Person, License]


def members(session: Session, agencies: Collection[int]) -> list[Held]:
    """Everybody with a license at these agencies, by name."""
    return [(person, row) for person, row in session.execute(_members(agencies))]


def due(session: Session, agencies: Collection[int]) -> list[Held]:
    """Those of them who can be recertified now, and for whom nobody has asked for it."""
    soon = or_(License.expires_on.is_(None), License.expires_on <= today() + window())
    asked = exists().where(Ticket.person_id == Person.id, Ticket.type == RECERTIFY, Ticket.open)
    query = _members(agencies).where(
        or_(License.state == EXPIRED, and_(License.state == ACTIVE, soon)),
        License.departed_on.is_(None),
        Person.username.is_not(None),
        ~asked,
    )
    return [(person, row) for person, row in session.execute(query)]


def _members(agencies: Collection[int]) -> Select[Person, License]:
    return (
        select(Person, License)
        .join(License, License.person_id == Person.id)
        .where(License.agency_id.in_(agencies), License.state.in_(HELD))
        .order_by(Person.last_name, Person.first_name, Person.id)
    )
