"""The queue, read in pages that cost the same wherever they lie.

Open tickets come in three bands: mine to act on, HAND's to act on, waiting for somebody else.
Within the first two they are ordered by due time. A page is found by its last row's place (band,
due time, id), never by counting rows.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from helpdesk.models.agency import Agency
from helpdesk.models.person import Person
from helpdesk.models.ticket import Ticket
from workflows.engine import Needs

PAGE = 50
COUNTED_TO = 1000


class View(StrEnum):
    """What part of the desk's tickets is looked at."""

    OPEN = "open"
    MINE = "mine"
    UNASSIGNED = "unassigned"
    WAITING = "waiting"
    CLOSED = "closed"


@dataclass(frozen=True)
class Filters:
    """None: not filtered by it. `assignee` 0: nobody has it."""

    type: str | None = None
    state: str | None = None
    agency: int | None = None
    assignee: int | None = None


@dataclass(frozen=True)
class Place:
    """The place of a row: `key` is its due time, or the time it was last changed once closed."""

    band: int
    key: datetime | None
    id: int

    def __str__(self) -> str:
        return f"{self.band}_{self.key.timestamp() if self.key else ''}_{self.id}"


@dataclass(frozen=True)
class Line:
    """A ticket with the names a line of the queue shows."""

    ticket: Ticket
    person: str
    agency: str | None
    assignee: str | None
    band: int


@dataclass(frozen=True)
class Page:
    """`following` is the place after which the next page begins; None on the last page."""

    lines: list[Line]
    following: Place | None


Condition = ColumnElement[bool]
Lines = Select[Ticket, Person, str | None, Any]
"""Ticket, licensee, agency's name, assignee; the last two None where there is none."""


def _bands(view: View, me: int | None) -> list[Condition]:
    """The conditions of the bands, in the order in which they are shown."""
    ours = and_(Ticket.open, Ticket.waits_on == Needs.STAFF)
    mine = Ticket.assignee_id == me
    others = or_(Ticket.assignee_id.is_(None), Ticket.assignee_id != me)
    elsewhere = and_(Ticket.open, Ticket.waits_on.in_((Needs.AGENCY, Needs.SYSTEM)))
    bands: dict[View, list[Condition]] = {
        View.OPEN: [and_(ours, mine), and_(ours, others), elsewhere],
        View.MINE: [and_(ours, mine)],
        View.UNASSIGNED: [and_(ours, Ticket.assignee_id.is_(None))],
        View.WAITING: [elsewhere],
        View.CLOSED: [Ticket.open.is_(False)],
    }
    return bands[view]


def read_page(
    session: Session, view: View, filters: Filters, me: int | None, after: Place | None = None
) -> Page:
    """At most `PAGE` lines after a place."""
    lines: list[Line] = []
    for band, condition in enumerate(_bands(view, me)):
        if after is not None and band < after.band:
            continue
        start = after if after is not None and band == after.band else None
        query = _query(view, condition, filters, start).limit(PAGE + 1 - len(lines))
        lines.extend(_read(session, query, band))
        if len(lines) > PAGE:
            return Page(lines[:PAGE], _place(view, lines[PAGE - 1]))
    return Page(lines, None)


def counts(session: Session, me: int | None) -> dict[View, str]:
    """How many tickets each view holds, counted as far as 1,000."""
    shown = (View.MINE, View.UNASSIGNED, View.OPEN, View.WAITING)
    numbers = session.execute(select(*(_count(view, me) for view in shown))).one()
    return {view: _capped(number) for view, number in zip(shown, numbers, strict=True)}


def _count(view: View, me: int | None) -> Any:
    rows = select(literal(1)).where(or_(*_bands(view, me))).limit(COUNTED_TO + 1).subquery()
    return select(func.count()).select_from(rows).scalar_subquery()


def _capped(number: int) -> str:
    return f"{COUNTED_TO:,}+" if number > COUNTED_TO else str(number)


def _query(
    view: View, condition: Condition, filters: Filters, after: Place | None
) -> Lines:
    assignee = aliased(Person)
    query: Lines = (
        select(Ticket, Person, Agency.name, assignee)
        .join(Person, Person.id == Ticket.person_id)
        .outerjoin(Agency, Agency.id == Ticket.agency_id)
        .outerjoin(assignee, assignee.id == Ticket.assignee_id)
        .where(condition, *_filtered(filters))
    )
    if view is View.CLOSED:
        query = query.order_by(Ticket.updated_at.desc(), Ticket.id.desc())
        place = tuple_(Ticket.updated_at, Ticket.id)
        return query.where(place < (after.key, after.id)) if after else query
    if after is not None and after.key is None:
        return query.where(Ticket.due_at.is_(None), Ticket.id > after.id).order_by(Ticket.id)
    query = query.order_by(Ticket.due_at.is_(None), Ticket.due_at, Ticket.id)
    if after is None:
        return query
    beyond = tuple_(Ticket.due_at, Ticket.id) > (after.key, after.id)
    return query.where(or_(beyond, Ticket.due_at.is_(None)))


def _filtered(filters: Filters) -> Iterator[Condition]:
    if filters.type:
        yield Ticket.type == filters.type
    if filters.state:
        yield Ticket.state == filters.state
    if filters.agency:
        yield Ticket.agency_id == filters.agency
    if filters.assignee is not None:
        unassigned = Ticket.assignee_id.is_(None)
        yield Ticket.assignee_id == filters.assignee if filters.assignee else unassigned


def _read(session: Session, query: Lines, band: int) -> Iterator[Line]:
    for ticket, person, agency, assignee in session.execute(query):
        yield Line(ticket, person.name, agency, assignee.name if assignee else None, band)


def _place(view: View, line: Line) -> Place:
    ticket = line.ticket
    key = ticket.updated_at if view is View.CLOSED else ticket.due_at
    return Place(line.band, key, ticket.id)
