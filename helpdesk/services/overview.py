"""Short lists of tickets and people for home pages and ticket pages."""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from helpdesk.models.agency import Agency
from helpdesk.models.event import Event
from helpdesk.models.license import License
from helpdesk.models.person import Person
from helpdesk.models.signature_request import SignatureRequest
from helpdesk.models.ticket import Ticket
from workflows.common import ASKS
from workflows.signing_steps import UNSIGNED

SHORT = 8
WORDS = 8  # of a search; more say nothing more


def recent(
    session: Session, which: ColumnElement[bool], *, open_ones: bool, limit: int = 50
) -> list[tuple[Ticket, Person]]:
    """Tickets with the person each is about, last changed first."""
    query = (
        select(Ticket, Person)
        .join(Person, Person.id == Ticket.person_id)
        .where(which, Ticket.open.is_(open_ones))
        .order_by(Ticket.updated_at.desc(), Ticket.id.desc())
        .limit(limit)
    )
    return [(ticket, person) for ticket, person in session.execute(query)]


def unsigned_in(
    session: Session, ticket_ids: Collection[int]
) -> dict[int, list[SignatureRequest]]:
    """Who has still to sign, by ticket: of those that wait for nothing but signatures."""
    if not ticket_ids:
        return {}
    row, found = SignatureRequest, defaultdict(list)
    asked = select(Event.trigger).where(Event.ticket_id == row.ticket_id, Event.trigger.in_(ASKS))
    last = asked.order_by(Event.version.desc()).limit(1).scalar_subquery()
    query = select(row).where(row.ticket_id.in_(ticket_ids), row.signed_at.is_(None),
                              row.ended_at.is_(None), last == UNSIGNED)  # fmt: skip
    for each in session.scalars(query.order_by(row.id)):
        found[each.ticket_id].append(each)
    return found


def earlier_of(session: Session, ticket: Ticket) -> list[Ticket]:
    """The same person's other tickets."""
    query = select(Ticket).where(Ticket.person_id == ticket.person_id, Ticket.id != ticket.id)
    newest = query.order_by(Ticket.updated_at.desc(), Ticket.id.desc()).limit(SHORT)
    return list(session.scalars(newest))


def people(
    session: Session, which: ColumnElement[bool], words: str, limit: int
) -> list[tuple[Person, License | None, str | None]]:
    """People whose name or user name holds every word, with license and agency."""
    query = (
        select(Person, License, Agency.name)
        .outerjoin(License, License.person_id == Person.id)
        .outerjoin(Agency, Agency.id == License.agency_id)
        .where(which, License.id.is_not(None))
        .order_by(Person.last_name, Person.first_name, Person.id)
        .limit(limit)
    )
    query = query.where(*bears(words))
    return [(person, row, agency) for person, row, agency in session.execute(query)]


def bears(words: str) -> list[ColumnElement[bool]]:
    """Each word stands in a person's name or user name."""
    return [_bears(word) for word in words.split()[:WORDS]]


def _bears(word: str) -> ColumnElement[bool]:
    return (
        Person.first_name.icontains(word, autoescape=True)
        | Person.last_name.icontains(word, autoescape=True)
        | Person.username.icontains(word, autoescape=True)
    )
