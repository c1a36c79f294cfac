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
from helpdesk.models.reading import Reading
from helpdesk.models.ticket import Ticket
from helpdesk.services import courses, grids, tickets, worksheets
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
    """`days`: when courses were completed, as the request will tell. `counting`: the courses that
    are right on a worksheet that was read; None where none was. `ticket`: what was sent of it;
    `rival`: another Recertification that is open. `reasons`: why it can't be sent."""

    person: Person
    license: License
    courses: tuple[Course, ...] = ()
    days: Mapping[str, date] = field(default_factory=dict)
    documents: tuple[Document, ...] = ()
    counting: frozenset[str] | None = None
    ticket: Ticket | None = None
    rival: Ticket | None = None
    reasons: tuple[Reason, ...] = ()

    @property
    def ready(self) -> bool:
        return self.ticket is None and not self.reasons

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
        suggested = courses.still_counting(self.session, person.id, today())
        reading, counting = _newest(documents), None
        if reading is not None:
            called = grids.editions(self.session).called
            suggested |= days_written(reading.texts, asked, called)
            whom = worksheets.Asked("", today(), person.username, courses=asked)
            counting = frozenset(worksheets.days(reading, whom))
        line = Line(person, row, asked, _days(asked, suggested, told), documents, counting,
                    rival=self.rivals.get(person.id))  # fmt: skip
        return replace(line, reasons=self._reasons(line)) if self.judged else line

    def _reasons(self, line: Line) -> tuple[Reason, ...]:
        if line.rival is not None:
            return (Reason(f"A Recertification of {line.person.name} is open already."),)
        brought = Brought(line.fields, line.documents)
        kind = ticket_type(RECERTIFY)
        return tickets.why_not_send(self.session, kind, line.person, self.actor, brought)


def _newest(documents: Collection[Document]) -> Reading | None:
    """Of the worksheets that a program could read."""
    readings = [each.reading for each in documents
                if each.reading is not None and worksheets.is_right_form(each)]  # fmt: skip
    return next((each for each in reversed(readings) if each.fault is None), None)


def _days(
    asked: Collection[Course], suggested: Mapping[str, date], told: Mapping[str, str]
) -> dict[str, date]:
    """What is typed comes before what is suggested."""
    typed = {name: date.fromisoformat(day) if day else None for name, day in told.items()}
    days = {course.name: typed.get(course.name, suggested.get(course.name)) for course in asked}
    return {name: day for name, day in days.items() if day is not None}
