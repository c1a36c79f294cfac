"""Short lists of tickets and people for home pages and ticket pages."""

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from helpdesk.models.agency import Agency
from helpdesk.models.license import License
from helpdesk.models.person import Person
from helpdesk.models.ticket import Ticket

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
