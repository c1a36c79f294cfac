"""The queue, read in pages that cost the same wherever they lie.

Open tickets come in three bands: mine to act on, HAND's to act on, waiting for somebody else.
Within the first two they are ordered by due time. A page is found by its last row's place (band,
due time, id), never by counting rows.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    func,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import Session, aliased

from helpdesk.extensions import UtcDateTime
from helpdesk.models.agency import Agency
from helpdesk.models.person import Person, full_name
from helpdesk.models.ticket import Ticket, number_of
from helpdesk.services.overview import bears
from workflows.engine import Needs

PAGE = 50
COUNTED_TO = 1000
PEOPLE_FOUND = 200


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


class Line(NamedTuple):
    """What a line of the queue shows of a ticket, as plain values: a page has fifty."""

    band: int
    id: int
    type: str
    state: str
    version: int
    open: bool
    needs_attention: bool
    fields: dict[str, Any]
    due_at: datetime | None
    updated_at: datetime
    assignee_id: int | None
    person: str
    agency: str | None
    assignee: str | None

    @property
    def number(self) -> str:
        return number_of(self.id)


@dataclass(frozen=True)
class Page:
    """`following` is the place after which the next page begins; None on the last page."""

    lines: list[Line]
    following: Place | None


Condition = ColumnElement[bool]
OF_A_TICKET = (
    Ticket.id, Ticket.type, Ticket.state, Ticket.version, Ticket.open, Ticket.needs_attention,
    Ticket.fields, Ticket.due_at, Ticket.updated_at, Ticket.assignee_id,
)  # fmt: skip
"""In the order in which `Line` has them."""

ME: BindParameter[int] = bindparam("me", type_=Integer)
KEY: BindParameter[datetime] = bindparam("key", type_=UtcDateTime)
ID: BindParameter[int] = bindparam("id", type_=Integer)
LIMIT: BindParameter[int] = bindparam("limit", type_=Integer)

ELSEWHERE = [need for need in Needs if need is not Needs.STAFF]
NOBODY = "nobody"
FILTERS: dict[str, Condition] = {
    "type": Ticket.type == bindparam("type"),
    "state": Ticket.state == bindparam("state"),
    "agency": Ticket.agency_id == bindparam("agency"),
    "assignee": Ticket.assignee_id == bindparam("assignee"),
    NOBODY: Ticket.assignee_id.is_(None),
}


class Start(StrEnum):
    """Where a page begins: at the top, after a place, after one whose ticket has no due time."""

    TOP = "top"
    PLACE = "place"
    TIMELESS = "timeless"


@cache
def _bands(view: View) -> list[Condition]:
    """The conditions of the bands, in the order in which they are shown."""
    ours = and_(Ticket.open, Ticket.waits_on == Needs.STAFF)
    mine = Ticket.assignee_id == ME
    others = or_(Ticket.assignee_id.is_(None), Ticket.assignee_id != ME)
    elsewhere = and_(Ticket.open, Ticket.waits_on.in_(ELSEWHERE))
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
    filtered = _filtered(filters)
    for band in range(after.band if after else 0, len(_bands(view))):
        start = after if after is not None and band == after.band else None
        query = _query(view, band, frozenset(filtered), _start(view, start))
        place = {"key": start.key, "id": start.id} if start else {}
        values = {"me": me, "limit": PAGE + 1 - len(lines), **filtered, **place}
        lines.extend(_read(session, query, values, band))
        if len(lines) > PAGE:
            return Page(lines[:PAGE], _place(view, lines[PAGE - 1]))
    return Page(lines, None)


def counts(session: Session, me: int | None) -> dict[View, str]:
    """How many tickets each view holds, counted as far as 1,000."""
    numbers = session.connection().execute(_counting(), {"me": me}).one()
    return {view: _capped(number) for view, number in zip(COUNTED, numbers, strict=True)}


COUNTED = (View.MINE, View.UNASSIGNED, View.OPEN, View.WAITING)


@cache
def _counting() -> Select[Any]:
    return select(*(_count(view) for view in COUNTED))


def _count(view: View) -> Any:
    everything = view is View.OPEN  # its bands are all there is, and cost more to ask for
    shown = Ticket.open if everything else or_(*_bands(view))
    rows = select(literal(1)).where(shown).limit(COUNTED_TO + 1).subquery()
    return select(func.count()).select_from(rows).scalar_subquery()


def _capped(number: int) -> str:
    return f"{COUNTED_TO:,}+" if number > COUNTED_TO else str(number)


def _start(view: View, after: Place | None) -> Start:
    if after is None:
        return Start.TOP
    return Start.TIMELESS if after.key is None and view is not View.CLOSED else Start.PLACE


@cache
def _query(view: View, band: int, filtered: frozenset[str], start: Start) -> Select[Any]:
    """Made once: making it costs more than asking it."""
    query = _lines().where(_bands(view)[band], *(FILTERS[name] for name in sorted(filtered)))
    if view is View.CLOSED:
        query = query.order_by(Ticket.updated_at.desc(), Ticket.id.desc())
        place = tuple_(Ticket.updated_at, Ticket.id)
        return query if start is Start.TOP else query.where(place < tuple_(KEY, ID))
    if start is Start.TIMELESS:
        return query.where(Ticket.due_at.is_(None), Ticket.id > ID).order_by(Ticket.id)
    query = query.order_by(Ticket.due_at.nulls_last(), Ticket.id)  # as the index has them
    if start is Start.TOP:
        return query
    beyond = tuple_(Ticket.due_at, Ticket.id) > tuple_(KEY, ID)
    return query.where(or_(beyond, Ticket.due_at.is_(None)))


def _lines() -> Select[Any]:
    assignee = aliased(Person)
    return (
        select(*OF_A_TICKET, Agency.name, Person.first_name, Person.last_name,
               assignee.first_name, assignee.last_name)
        .join(Person, Person.id == Ticket.person_id)
        .outerjoin(Agency, Agency.id == Ticket.agency_id)
        .outerjoin(assignee, assignee.id == Ticket.assignee_id)
        .limit(LIMIT)
    )  # fmt: skip


def find(session: Session, words: str) -> list[Line]:
    """The newest tickets, open or not, about people whose name or username holds every word: at
    most `PAGE`, of at most `PEOPLE_FOUND` people."""
    people = select(Person.id).where(*bears(words)).order_by(Person.id).limit(PEOPLE_FOUND)
    query = _lines().where(Ticket.person_id.in_(people))
    newest = query.order_by(Ticket.updated_at.desc(), Ticket.id.desc())
    return list(_read(session, newest, {"limit": PAGE}, band=0))


def _filtered(filters: Filters) -> dict[str, str | int]:
    """The filters that are set, by their names in `FILTERS`."""
    if filters.assignee == 0:
        return {**_filtered(replace(filters, assignee=None)), NOBODY: 0}
    return {name: value for name, value in vars(filters).items() if value}


def _read(
    session: Session, query: Select[Any], values: dict[str, Any], band: int
) -> Iterator[Line]:
    """Through the connection: a session would look for objects among the columns."""
    found = session.connection().execute(query, values).all()
    for *ticket, agency, first, last, their_first, their_last in found:
        assignee = full_name(their_first or "", their_last or "") or None
        yield Line._make([band, *ticket, full_name(first, last), agency, assignee])


def _place(view: View, line: Line) -> Place:
    key = line.updated_at if view is View.CLOSED else line.due_at
    return Place(line.band, key, line.id)
