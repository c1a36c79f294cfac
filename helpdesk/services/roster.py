"""The people of an agency, the most urgent first: read in pages that are found by place."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, case, exists, func, or_, select, tuple_
from sqlalchemy.orm import Session

from helpdesk.extensions import now, settings
from helpdesk.models.license import License
from helpdesk.models.person import Person
from helpdesk.models.ticket import Ticket
from helpdesk.services.words import local
from workflows import license as licenses

PAGE = 50
QUIET_AFTER = timedelta(days=30)
"""So long without a log-in, and a license is on its way to being inactive."""

SHOWN = (*licenses.HELD, licenses.REQUESTED)


@dataclass(frozen=True)
class Place:
    """The place of a row: rank, last name, id."""

    rank: int
    name: str
    id: int

    def __str__(self) -> str:
        return f"{self.rank}_{self.id}_{self.name}"


@dataclass(frozen=True)
class Member:
    """A person with license; `ticket` is the one that is open, newest first, if any."""

    person: Person
    license: License
    ticket: Ticket | None
    rank: int


@dataclass(frozen=True)
class Page:
    members: list[Member]
    following: Place | None


def _rank() -> ColumnElement[int]:
    """Stopped first, then what will stop soon, then everybody else."""
    soon = local(now()).date() + timedelta(days=settings().RECERTIFICATION_WINDOW_DAYS)
    stopped = {licenses.EXPIRED: 0, licenses.LOCKED: 1, licenses.INACTIVE: 2,
               licenses.SUSPENDED: 3, licenses.REQUESTED: 6}  # fmt: skip
    return case(
        *((License.state == state, rank) for state, rank in stopped.items()),
        (License.expires_on <= soon, 4),
        (License.last_login_at < now() - QUIET_AFTER, 5),
        else_=7,
    )


def read_page(
    session: Session,
    agencies: frozenset[int],
    visible: ColumnElement[bool],
    after: Place | None = None,
) -> Page:
    """At most `PAGE` people who have a license or are to get one. `visible`: the tickets that
    the reader may see; somebody who moved may have one at another agency, and a license that
    another agency asks for is not told of here."""
    rank, name = _rank(), func.lower(Person.last_name)
    asked_for_by_us = exists().where(Ticket.person_id == Person.id, Ticket.open, visible)
    query = (
        select(Person, License, rank)
        .join(License, License.person_id == Person.id)
        .where(License.agency_id.in_(agencies), License.state.in_(SHOWN))
        .where(or_(License.state != licenses.REQUESTED, asked_for_by_us))
        .order_by(rank, name, Person.id)
        .limit(PAGE + 1)
    )
    if after is not None:
        query = query.where(tuple_(rank, name, Person.id) > (after.rank, after.name, after.id))
    rows = list(session.execute(query))
    people = [person.id for person, _row, _rank in rows[:PAGE]]
    tickets = _open_tickets(session, people, visible)
    members = [Member(p, row, tickets.get(p.id), place) for p, row, place in rows[:PAGE]]
    more = len(rows) > PAGE
    return Page(members, _place(members[-1]) if more else None)


def _place(member: Member) -> Place:
    return Place(member.rank, member.person.last_name.lower(), member.person.id)


def _open_tickets(
    session: Session, people: list[int], visible: ColumnElement[bool]
) -> dict[int, Ticket]:
    if not people:
        return {}
    query = select(Ticket).where(Ticket.person_id.in_(people), Ticket.open, visible)
    return {ticket.person_id: ticket for ticket in session.scalars(query.order_by(Ticket.id))}


def idle_days(row: License, today: date) -> int | None:
    """Whole days since the last log-in; None where nobody knows it."""
    return (today - local(row.last_login_at).date()).days if row.last_login_at else None
