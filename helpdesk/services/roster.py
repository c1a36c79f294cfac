"""The people of an agency: filtered, sorted, read in pages that are found by place."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    Subquery,
    func,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import Session

from helpdesk.extensions import UtcDateTime
from helpdesk.models.license import License
from helpdesk.models.person import Person
from helpdesk.models.ticket import Ticket
from helpdesk.services.overview import bears
from helpdesk.services.urgency import LIGHTS, Light, Urgency, open_requests, urgency
from helpdesk.services.words import local
from workflows import license as licenses
from workflows.engine import Needs

PAGE = 50
SHOWN = (*licenses.HELD, licenses.REQUESTED)
LATEST_DAY = date.max
LATEST = datetime(9000, 1, 1, tzinfo=UTC)

Condition = ColumnElement[bool]


class Sort(StrEnum):
    """What is nobody knows comes last."""

    URGENCY = "urgency"
    NAME = "name"
    EXPIRES = "expires"
    LOGIN = "login"


@dataclass(frozen=True)
class Whose:
    """The agencies whose people are read, and the tickets that the reader may see: somebody who
    moved may have one at another agency, and a license that another agency asks for is not told
    of here."""

    agencies: Collection[int]
    visible: Condition


@dataclass(frozen=True)
class Which:
    """Whom to show, in which order; empty: everybody, the most urgent first."""

    light: Light | None = None
    urgency: Urgency | None = None
    state: str | None = None
    words: str = ""
    sort: Sort = Sort.URGENCY


Key = int | date | datetime


@dataclass(frozen=True)
class Place:
    """The place of a row: what it is sorted by (None: the name alone), and the person's id. No
    name stands in it, since it comes to stand in an address."""

    key: Key | None
    id: int


@dataclass(frozen=True)
class Member:
    """A person with license; `ticket` is an open one, the one that waits on the agency if any."""

    person: Person
    license: License
    ticket: Ticket | None
    urgency: Urgency


@dataclass(frozen=True)
class Page:
    members: list[Member]
    following: Place | None


NAME = (func.lower(Person.last_name), func.lower(Person.first_name))


def read_page(
    session: Session, whose: Whose, which: Which | None = None, after: Place | None = None
) -> Page:
    """At most `PAGE` people who have a license or are to get one."""
    which = which or Which()
    asked = open_requests(whose.visible)
    rank = urgency(asked.c.asked)
    key = _key(which.sort, rank)
    order = (*([key] if key is not None else []), *NAME, Person.id)
    query = _everybody(whose, asked, Person, License, rank, literal(0) if key is None else key)
    query = _filtered(query, which, rank).order_by(*order).limit(PAGE + 1)
    if after is not None:
        query = query.where(_beyond(session, whose, order, after))
    rows = list(session.execute(query))
    tickets = _open_tickets(session, [row[0].id for row in rows[:PAGE]], whose.visible)
    members = [Member(p, row, tickets.get(p.id), Urgency(u)) for p, row, u, _ in rows[:PAGE]]
    if len(rows) <= PAGE:
        return Page(members, None)
    return Page(members, Place(None if key is None else rows[PAGE - 1][3], members[-1].person.id))


def member(session: Session, whose: Whose, person_id: int) -> Member | None:
    """One of them, as on the list."""
    asked = open_requests(whose.visible)
    query = _everybody(whose, asked, Person, License, urgency(asked.c.asked))
    row = session.execute(query.where(Person.id == person_id)).one_or_none()
    if row is None:
        return None
    ticket = _open_tickets(session, [person_id], whose.visible).get(person_id)
    return Member(row[0], row[1], ticket, Urgency(row[2]))


def counts(session: Session, whose: Whose) -> dict[Light, int]:
    """How many people each light shines for."""
    found = dict.fromkeys(Light, 0)
    for each, count in tally(session, whose).items():
        found[LIGHTS[each]] += count
    return found


def tally(session: Session, whose: Whose) -> dict[Urgency, int]:
    """How many people are how urgent, the most urgent first."""
    asked = open_requests(whose.visible)
    ranked = _everybody(whose, asked, urgency(asked.c.asked).label("rank")).subquery()
    query = select(ranked.c.rank, func.count()).group_by(ranked.c.rank).order_by(ranked.c.rank)
    return {Urgency(number): count for number, count in session.execute(query)}


def _everybody(whose: Whose, asked: Subquery, *columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(Person)
        .join(License, License.person_id == Person.id)
        .outerjoin(asked, asked.c.person_id == Person.id)
        .where(License.agency_id.in_(whose.agencies), License.state.in_(SHOWN))
        .where(or_(License.state != licenses.REQUESTED, asked.c.asked.is_not(None)))
    )


def _filtered(query: Select[Any], which: Which, rank: ColumnElement[int]) -> Select[Any]:
    if which.light is not None:
        query = query.where(rank.in_([u for u, light in LIGHTS.items() if light is which.light]))
    if which.urgency is not None:
        query = query.where(rank == which.urgency)
    if which.state is not None:
        query = query.where(License.state == which.state)
    return query.where(*bears(which.words))


def _key(sort: Sort, rank: ColumnElement[int]) -> ColumnElement[Any] | None:
    """What comes before the name; None: nothing does."""
    latest = literal(LATEST, UtcDateTime)
    keys: dict[Sort, ColumnElement[Any]] = {
        Sort.URGENCY: rank,
        Sort.EXPIRES: func.coalesce(License.expires_on, literal(LATEST_DAY)),
        Sort.LOGIN: func.coalesce(License.last_login_at, latest),
    }
    return keys.get(sort)


def _beyond(
    session: Session, whose: Whose, order: tuple[SQLColumnExpression[Any], ...], after: Place
) -> Condition:
    """Everything behind a place. One of somebody who is not there (any more) is the top."""
    query = _everybody(whose, open_requests(whose.visible), *NAME).where(Person.id == after.id)
    name = session.execute(query).one_or_none()
    if name is None or (after.key is None) != (len(order) == len(NAME) + 1):
        return literal(True)
    keys = [] if after.key is None else [after.key]
    return tuple_(*order) > tuple_(*keys, *name, after.id)


def _open_tickets(session: Session, people: list[int], visible: Condition) -> dict[int, Ticket]:
    """The one that waits on the agency before others, then the newest."""
    if not people:
        return {}
    query = select(Ticket).where(Ticket.person_id.in_(people), Ticket.open, visible)
    newest_last = query.order_by(Ticket.waits_on == Needs.AGENCY, Ticket.id)
    return {ticket.person_id: ticket for ticket in session.scalars(newest_last)}


def idle_days(row: License, today: date) -> int | None:
    """Whole days since the last log-in; None where nobody knows it."""
    return (today - local(row.last_login_at).date()).days if row.last_login_at else None
