"""A bulk, line by line: what is known of each person, what was filled in, what speaks against it.

It costs a handful of statements, and a few more for each person who is not sent yet.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.actor import Actor
from helpdesk.models.bulk import Bulk, documents_in, in_bulk
from helpdesk.models.document import Document
from helpdesk.models.license import License
from helpdesk.models.person import Person
from helpdesk.models.ticket import Ticket
from helpdesk.services import courses, grids, tickets
from helpdesk.services.facts import today
from helpdesk.services.filing import stored_key
from helpdesk.services.filing_facts import Brought
from workflows.engine import Reason
from workflows.guards import RECERTIFY
from workflows.registry import ticket_type
from workflows.training import Course, Grid, Purpose
from workflows.worksheet_rules import days_written


@dataclass(frozen=True)
class Line:
    """`written`: when courses were completed, as the worksheet tells; `days`: as the request will.
    `ticket`: what was sent of it; `rival`: another Recertification that
    is open. `reasons`: why it can't be sent."""

    person: Person
    license: License
    courses: tuple[Course, ...] = ()
    written: Mapping[str, date] = field(default_factory=dict)
    days: Mapping[str, date] = field(default_factory=dict)
    documents: tuple[Document, ...] = ()
    ticket: Ticket | None = None
    rival: Ticket | None = None
    reasons: tuple[Reason, ...] = ()

    @property
    def ready(self) -> bool:
        return self.ticket is None and not self.reasons

    @property
    def is_read(self) -> bool:
        """Whether a program has read a worksheet of it."""
        readings = (document.reading for document in self.documents)
        return any(reading is not None and reading.fault is None for reading in readings)

    def is_told_otherwise(self, course: str) -> bool:
        """Whether the request tells another day than the worksheet, or none."""
        return course in self.written and self.days.get(course) != self.written[course]

    @property
    def fields(self) -> dict[str, object]:
        """As the form of a single one would tell it."""
        return {"courses": {name: day.isoformat() for name, day in self.days.items()}, "note": ""}


@dataclass(frozen=True)
class Whole:
    """`loose`: worksheets of which nobody knows yet whose they are."""

    lines: tuple[Line, ...]
    loose: tuple[Document, ...]

    @property
    def sent(self) -> list[Line]:
        return [line for line in self.lines if line.ticket is not None]

    @property
    def unsent(self) -> list[Line]:
        return [line for line in self.lines if line.ticket is None]

    @property
    def ready(self) -> list[Line]:
        return [line for line in self.lines if line.ready]


def read(
    session: Session, bulk: Bulk, agencies: Collection[int], actor: Actor, *, judged: bool = True
) -> Whole:
    """Those who have left these agencies since are left out. Not `judged`: without reasons, which
    cost the most."""
    rows = [row for row in in_bulk(session, bulk) if row[2].agency_id in agencies]
    documents = documents_in(session, bulk)
    sent = sent_of(session, bulk)
    rivals = _rivals(session, [person.id for _, person, _ in rows])
    grid = grids.in_force(session, today())
    desk = _Desk(session, bulk, actor, grid, documents, rivals, judged)
    lines = [
        Line(person, row, ticket=sent[person.id]) if person.id in sent
        else desk.line(person, row, told.days)
        for told, person, row in rows
    ]  # fmt: skip
    return Whole(tuple(lines), tuple(each for each in documents if bulk.is_loose(each)))


def sent_of(session: Session, bulk: Bulk) -> dict[int, Ticket]:
    """The tickets that it has become, by whom they are about."""
    keys = [stored_key(bulk.filer_id, bulk.key_of(person.id))
            for _, person, _ in in_bulk(session, bulk)]  # fmt: skip
    found = session.scalars(select(Ticket).where(Ticket.form_key.in_(keys)).order_by(Ticket.id))
    return {ticket.person_id: ticket for ticket in found}


def _rivals(session: Session, people: Collection[int]) -> dict[int, Ticket]:
    """The Recertifications that are open, by whom they are about."""
    query = select(Ticket).where(
        Ticket.person_id.in_(people), Ticket.type == RECERTIFY, Ticket.open
    )
    return {ticket.person_id: ticket for ticket in session.scalars(query)}


@dataclass(frozen=True)
class _Desk:
    """What all lines are judged with."""

    session: Session
    bulk: Bulk
    actor: Actor
    grid: Grid
    documents: list[Document]
    rivals: dict[int, Ticket]
    judged: bool

    def line(self, person: Person, row: License, told: Mapping[str, str]) -> Line:
        asked = tuple(self.grid.required(row.access_level, Purpose.YEARLY))
        key = self.bulk.key_of(person.id)
        documents = tuple(each for each in self.documents if each.form_key == key)
        written = self._written(asked, documents)
        suggested = courses.still_counting(self.session, person.id, today()) | written
        line = Line(person, row, asked, written, _days(asked, suggested, told), documents,
                    rival=self.rivals.get(person.id))  # fmt: skip
        return replace(line, reasons=self._reasons(line)) if self.judged else line

    def _written(
        self, asked: Collection[Course], documents: Collection[Document]
    ) -> dict[str, date]:
        """On the newest worksheet."""
        read = [document.reading for document in documents if document.reading is not None]
        if not read:
            return {}
        return dict(days_written(read[-1].texts, asked, grids.editions(self.session).called))

    def _reasons(self, line: Line) -> tuple[Reason, ...]:
        if line.rival is not None:
            return (Reason(f"A Recertification of {line.person.name} is open already."),)
        brought = Brought(line.fields, line.documents)
        kind = ticket_type(RECERTIFY)
        return tickets.why_not_send(self.session, kind, line.person, self.actor, brought)


def _days(
    asked: Collection[Course], suggested: Mapping[str, date], told: Mapping[str, str]
) -> dict[str, date]:
    """What is typed comes before what is suggested."""
    typed = {name: date.fromisoformat(day) if day else None for name, day in told.items()}
    days = {course.name: typed.get(course.name, suggested.get(course.name)) for course in asked}
    return {name: day for name, day in days.items() if day is not None}
