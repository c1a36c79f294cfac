"""A request as it arrives, and whether it has arrived before."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from helpdesk.models.license import license_of
from helpdesk.models.person import Person
from helpdesk.models.role import Grant, Role, admins_of
from helpdesk.models.ticket import Ticket
from helpdesk.services.newcomers import Newcomer


@dataclass(frozen=True)
class Request:
    """`form_key` is drawn when the form is shown: the same form sent twice bears the same key.

    It is about a person on file, or about a `newcomer` to `agency_id`; both together correct what
    is on file of somebody who never had a license. `keep` names documents of
    an earlier ticket that are to be on this one, too.
    """

    type: str
    person_id: int | None
    filer_id: int
    form_key: str
    fields: dict[str, Any] = field(default_factory=dict)
    agency_id: int | None = None
    newcomer: Newcomer | None = None
    keep: tuple[int, ...] = ()
    in_bulk: bool = False

    @property
    def stored_key(self) -> str:
        return stored_key(self.filer_id, self.form_key)


def stored_key(filer_id: int, form_key: str) -> str:
    """Nobody else's form can collide with this one, whatever key it claims."""
    return f"{filer_id}:{form_key}"


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
    which = same_form
    if request.person_id is not None:
        which = same_form | _open_one(request.type, request.person_id)
    query = select(Ticket).where(which)
    for first in session.scalars(query.order_by(same_form.desc())):
        if first.form_key == request.stored_key:
            raise SentBefore(first.id, _differs(first, request))
        raise AlreadyOpen(first.id)


def sent_on(session: Session, filer_id: int, form_key: str) -> int | None:
    """The ticket that somebody's form became, if it was sent."""
    key = stored_key(filer_id, form_key)
    return session.scalar(select(Ticket.id).where(Ticket.form_key == key))


def open_one(session: Session, type_name: str, person_id: int) -> int | None:
    """The open ticket of this type about the person, if there is one."""
    return session.scalar(select(Ticket.id).where(_open_one(type_name, person_id)))


def _open_one(type_name: str, person_id: int) -> ColumnElement[bool]:
    return and_(Ticket.person_id == person_id, Ticket.type == type_name, Ticket.open)


def all_admins(session: Session) -> list[Person]:
    """Everybody who could ask for a license for a newcomer, by name."""
    query = select(Person).join(Grant, Grant.person_id == Person.id)
    admins = query.where(Grant.role == Role.AGENCY_ADMIN).distinct()
    return list(session.scalars(admins.order_by(Person.last_name, Person.first_name, Person.id)))


def callers(session: Session, person: Person) -> list[Person]:
    """On whose behalf a request about `person` can be filed: theirs, or their agency's admins'."""
    row = license_of(session, person.id)
    admins = admins_of(session, row.agency_id) if row else []
    return [person, *(admin for admin in admins if admin.id != person.id)]


def _differs(ticket: Ticket, request: Request) -> bool:
    before = (ticket.type, ticket.fields)
    same_person = request.person_id in {None, ticket.person_id}
    return before != (request.type, request.fields) or not same_person
