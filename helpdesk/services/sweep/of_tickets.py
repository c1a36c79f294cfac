"""Tickets in the sweep: those that wait on the agency are reminded of, and in the end closed."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from helpdesk.actor import THE_DESK
from helpdesk.extensions import db, now
from helpdesk.models.document import documents_of
from helpdesk.models.event import Event
from helpdesk.models.person import Person
from helpdesk.models.ticket import Ticket, number_of
from helpdesk.services import tickets, waiting
from helpdesk.services.gateway import Stale
from helpdesk.services.signature_requests import left_office, outstanding
from helpdesk.services.signature_requests import told as told_of_signers
from helpdesk.services.sweep.report import Job, Taken, TakenBack, told_of
from helpdesk.transaction import release, transaction
from workflows import papers
from workflows.common import WAITING
from workflows.registry import ticket_type, ticket_types

CHUNK = 500


@dataclass
class Wait:
    """A ticket as it waits: what HAND asked last, when, and the reminders sent since."""

    ticket_id: int
    version: int
    asked_at: datetime
    question: dict[str, Any]
    sent: list[int] = field(default_factory=list)


def jobs() -> Iterator[Job]:
    moment = now()
    for waits in _chunks():
        for wait in waits:
            if (due := _due(wait, moment)) is not None:
                yield Job(number_of(wait.ticket_id), partial(_take, wait, *due))


def _due(wait: Wait, moment: datetime) -> tuple[str, dict[str, Any]] | None:
    """The step that is due, and what it keeps in the history."""
    if waiting.ends(wait.asked_at) <= moment:
        return "close_no_response", {"message": _asked(wait)}
    day = waiting.reminder(wait.asked_at, wait.sent, moment)
    if day is None:
        return None
    return "remind", {"day": day, "asked": _asked(wait), "asked_at": wait.asked_at.isoformat()}


def _asked(wait: Wait) -> str:
    return str(wait.question.get("message") or "")


def _take(wait: Wait, trigger: str, data: dict[str, Any], trial: bool) -> list[Taken]:
    """Nothing where the ticket has moved on meanwhile: somebody answered, or another sweep."""
    taken: list[Taken] = []
    with suppress(TakenBack, Stale), transaction() as session:
        told = data | {"papers": _missing(session, wait)} | _unsigned(session, wait, trigger)
        row = tickets.act(wait.ticket_id, trigger, THE_DESK, told, version=wait.version)
        taken.append(_taken(session, row, trigger))
        if trial:
            raise TakenBack
    return taken


def _unsigned(session: Session, wait: Wait, trigger: str) -> dict[str, Any]:
    """Who has still to sign, where that is what it waits for: some have, since then."""
    if "unsigned" not in wait.question:
        return {}
    rows = outstanding(session, wait.ticket_id)
    agency_id = session.get_one(Ticket, wait.ticket_id).agency_id
    told = told_of_signers(rows, left_office(session, rows, agency_id))
    if trigger == "remind" and told:
        told["asked"] = told.pop("message")
    return told


def _missing(session: Session, wait: Wait) -> list[str]:
    """The papers that HAND named, less those that have arrived since."""
    arrived = [document.kind for document in documents_of(session, wait.ticket_id)
               if document.created_at > wait.asked_at and not document.gone]  # fmt: skip
    return papers.missing(wait.question.get("papers", []), arrived)


def _taken(session: Session, row: Ticket, trigger: str) -> Taken:
    step = ticket_type(row.type).workflow.step_from(WAITING, trigger)
    assert step is not None, "every type has the steps of waiting"
    told = told_of(session, and_(Event.ticket_id == row.id, Event.version == row.version))
    person = session.get_one(Person, row.person_id)
    return Taken(trigger, step.label, f"{row.number}, {person.name}", told)


def _chunks() -> Iterator[list[Wait]]:
    """By id, each found by its place; a type that this version does not know is left to staff."""
    last = 0
    query = select(Ticket.id, Ticket.version).where(
        Ticket.open, Ticket.state == WAITING, Ticket.type.in_(ticket_types())
    )
    while rows := db.session.execute(
        query.where(Ticket.id > last).order_by(Ticket.id).limit(CHUNK)
    ).all():
        events = _events([row.id for row in rows])
        release()
        yield [_wait(row.id, row.version, events[row.id]) for row in rows]
        last = rows[-1].id


@dataclass(frozen=True)
class _Told:
    trigger: str
    from_state: str
    to_state: str
    at: datetime
    data: dict[str, Any]


def _events(ids: list[int]) -> dict[int, list[_Told]]:
    """What brought each ticket to where it waits, and what was sent since; oldest first."""
    found: dict[int, list[_Told]] = defaultdict(list)
    query = select(
        Event.ticket_id, Event.trigger, Event.from_state, Event.to_state, Event.at, Event.data
    ).where(Event.ticket_id.in_(ids), Event.to_state == WAITING)
    for ticket_id, *columns in db.session.execute(query.order_by(Event.ticket_id, Event.version)):
        found[ticket_id].append(_Told(*columns))
    return found


def _wait(ticket_id: int, version: int, events: list[_Told]) -> Wait:
    asked = max(place for place, each in enumerate(events) if each.from_state != WAITING)
    sent = [each.data["day"] for each in events[asked:] if each.trigger == "remind"]
    question = events[asked]
    return Wait(ticket_id, version, question.at, question.data, sent)
