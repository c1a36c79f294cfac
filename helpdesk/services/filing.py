"""A request as it arrives, and whether it has arrived before."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from helpdesk.models.license import License
from helpdesk.models.person import Person
from helpdesk.models.role import Grant, Role
from helpdesk.models.ticket import Ticket


@dataclass(frozen=True)
class Request:
    """`form_key` is drawn when the form is shown: the same form sent twice bears the same key."""

    type: str
    person_id: int
    filer_id: int
    form_key: str
    fields: dict[str, Any] = field(default_factory=dict)
    agency_id: int | None = None

    @property
    def stored_key(self) -> str:
        """Nobody else's form can collide with this one, whatever key it claims."""
        return f"{self.filer_id}:{self.form_key}"


class LeadsElsewhere(Exception):
    """No ticket was made, because there is one already: `ticket_id`."""

    def __init__(self, ticket_id: int) -> None:
        self.ticket_id = ticket_id
        super().__init__(f"see ticket {ticket_id}")


class SentBefore(LeadsElsewhere):
    """This form has arrived already; `differs` tells whether it says something else now."""

    def __init__(self, ticket_id: int, differs: bool) -> None:
        super().__init__(ticket_id)
        self.differs = differs


class AlreadyOpen(LeadsElsewhere):
    """Another request of this type is open for the person."""


def first_of(session: Session, request: Request) -> None:
    """Raises `SentBefore` or `AlreadyOpen` if the request has a forerunner."""
    same_form = Ticket.form_key == request.stored_key
    query = select(Ticket).where(same_form | _open_one(request.type, request.person_id))
    for first in session.scalars(query.order_by(same_form.desc())):
        if first.form_key == request.stored_key:
            raise SentBefore(first.id, _differs(first, request))
        raise AlreadyOpen(first.id)


def open_one(session: Session, type_name: str, person_id: int) -> int | None:
    """The open ticket of this type about the person, if there is one."""
    return session.scalar(select(Ticket.id).where(_open_one(type_name, person_id)))


def _open_one(type_name: str, person_id: int) -> ColumnElement[bool]:
    return and_(Ticket.person_id == person_id, Ticket.type == type_name, Ticket.open)


def callers(session: Session, person: Person) -> list[Person]:
    """On whose behalf a request about `person` can be filed: theirs, or their agency's admins'."""
    agency = select(License.agency_id).where(License.person_id == person.id).scalar_subquery()
    query = (
        select(Person)
        .join(Grant, Grant.person_id == Person.id)
        .where(Grant.role == Role.AGENCY_ADMIN, Grant.agency_id == agency, Person.id != person.id)
        .order_by(Person.last_name, Person.first_name)
    )
    return [person, *session.scalars(query)]


def _differs(ticket: Ticket, request: Request) -> bool:
    before = (ticket.type, ticket.person_id, ticket.fields)
    return before != (request.type, request.person_id, request.fields)
