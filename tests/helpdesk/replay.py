"""What must hold of any database the desk has written: histories explain rows, effects have keys.

Read with plain SQL and judged by the definitions alone, so that no code of the desk's own vouches
for itself.
"""

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.models.document import Document
from helpdesk.models.effect import Effect, Kind
from helpdesk.models.event import Event
from helpdesk.models.license import License
from helpdesk.models.person import Person
from helpdesk.models.ticket import Ticket
from workflows import license as life
from workflows.effects import AccountAction, LicenseStep, Recipient
from workflows.engine import Mark, Step
from workflows.registry import ticket_type


@dataclass(frozen=True)
class Owes:
    """An effect as a definition promises it."""

    key: str
    kind: Kind
    what: str
    person_id: int


def check_everything(session: Session) -> None:
    """Every ticket and license, each against the replay of its events."""
    events: dict[tuple[str, int], list[Event]] = defaultdict(list)
    for event in session.scalars(select(Event).order_by(Event.version)):
        whose = ("ticket", event.ticket_id) if event.ticket_id else ("license", event.license_id)
        events[whose].append(event)  # type: ignore[index]
    for ticket in session.scalars(select(Ticket)):
        check_ticket(session, ticket, events.pop(("ticket", ticket.id)))
    check_conversions(session)
    for row in session.scalars(select(License)):
        check_license(row, events.pop(("license", row.id), []))
    assert not events, "a history without a row"


def check_chain(events: list[Event], initial: str) -> str:
    """Versions in a row, each step beginning where the last one ended; gives the last state."""
    assert [event.version for event in events] == list(range(1, len(events) + 1))
    states = [initial, *(event.to_state for event in events)]
    assert [event.from_state for event in events] == states[:-1]
    assert all(one.at <= other.at for one, other in pairwise(events))
    return states[-1]


BEGINNINGS = {"submit", "submit_unsigned", "take_in", "take_in_unfinished"}


def check_ticket(session: Session, ticket: Ticket, events: list[Event]) -> None:
    workflow = ticket_type(ticket.type).workflow
    assert (ticket.state, ticket.version) == (check_chain(events, workflow.initial), len(events))
    begun = [event.trigger for event in events if event.trigger in BEGINNINGS]
    assert begun == [events[0].trigger]
    filed = begun in (["submit"], ["submit_unsigned"])
    assert filed == (ticket.converted_from_id is None)
    assignee, attention = first_assignee(session, ticket, events[0]), False
    amended = dict[str, Any]()
    for event in events:
        step = declared(workflow.steps, event)
        if Mark.ASSIGN_ACTOR in step.marks:
            assignee = event.actor_id
        if Mark.ASSIGN_NAMED in step.marks:
            assignee = event.data["assignee"]
        if Mark.AMEND in step.marks:
            amended |= event.data.get("fields") or {}
        raised = Mark.RAISE_ATTENTION in step.marks
        if raised or Mark.CLEAR_ATTENTION in step.marks:
            attention = raised
        assert not workflow.states[event.from_state].final or event.trigger == "note"
        check_license_steps(session, ticket, step)
    assert ticket.fields == ticket.fields | amended
    state = workflow.states[ticket.state]
    assert (ticket.assignee_id, ticket.needs_attention) == (assignee, attention)
    assert ticket.open == (not state.final)
    assert (ticket.due_at is None) == (not state.clock_runs)
    check_four_eyes(ticket, events)


def first_assignee(session: Session, ticket: Ticket, begun: Event) -> int | None:
    """Whoever had the ticket that this one goes on for; it has ended, so it is theirs still. If
    nobody had it, whoever found that it was of the wrong type."""
    if ticket.converted_from_id is None:
        return None
    return session.get_one(Ticket, ticket.converted_from_id).assignee_id or begun.actor_id


def check_license_steps(session: Session, ticket: Ticket, step: Step[Any]) -> None:
    """A license that is asked for by a ticket has a step of its own that names the ticket."""
    asked = [e.trigger for e in step.effects if isinstance(e, LicenseStep)]
    if "request" in asked:
        query = select(Event).join(License, License.id == Event.license_id)
        steps = session.scalars(query.where(License.person_id == ticket.person_id))
        number = ticket.number
        told = [e for e in steps if e.trigger == "request" and e.data.get("ticket") == number]
        assert len(told) == 1


def check_conversions(session: Session) -> None:
    """A ticket of the wrong type goes on in exactly one other, with all that was known."""
    converted = select(Ticket).join(Event, Event.ticket_id == Ticket.id)
    firsts = list(session.scalars(converted.where(Event.trigger == "convert")))
    seconds = list(session.scalars(select(Ticket).where(Ticket.converted_from_id.is_not(None))))
    assert sorted(t.id for t in firsts) == sorted(t.converted_from_id or 0 for t in seconds)
    for second in seconds:
        first = session.get_one(Ticket, second.converted_from_id)
        assert first.type != second.type
        assert (first.person_id, first.filer_id, first.entered_by_id) == (
            second.person_id, second.filer_id, second.entered_by_id,
        )  # fmt: skip
        assert set(first.fields) <= set(second.fields)
        attached = select(Document.sha256, Document.kind)
        before, after = (
            {tuple(row) for row in session.execute(attached.where(Document.ticket_id == each.id))}
            for each in (first, second)
        )
        assert before <= after


def declared(steps: tuple[Step[Any], ...], event: Event) -> Step[Any]:
    """The step that an event tells of."""
    found = [
        step
        for step in steps
        if step.trigger == event.trigger
        and event.from_state in step.source
        and event.to_state == (step.dest or event.from_state)
    ]
    assert found, f"no step declares {event.trigger}: {event.from_state} to {event.to_state}"
    return found[0]


def check_four_eyes(ticket: Ticket, events: list[Event]) -> None:
    barred = {ticket.person_id, ticket.filer_id, ticket.entered_by_id}
    assert all(e.actor_id not in barred for e in events if e.trigger in {"approve", "override"})


def check_license(row: License, events: list[Event]) -> None:
    state = check_chain(events, life.ABSENT)
    assert (row.state, row.version) == (state, len(events))
    facts = life.LicenseFacts()
    for event in events:
        if event.trigger == "request":  # only these outlive what was before
            facts = life.LicenseFacts(suspended=facts.suspended, deleted=facts.deleted)
        facts = life.after(event.trigger, facts)
    assert row.facts == facts
    if state in life.HELD:
        assert state == life.strongest(facts)


def promised(session: Session, event: Event) -> list[Owes]:
    """What the definition says that a ticket's step owes, less the mails nobody would get."""
    assert event.ticket_id is not None
    ticket = session.get_one(Ticket, event.ticket_id)
    step = declared(ticket_type(ticket.type).workflow.steps, event)
    people = {
        Recipient.LICENSEE: ticket.person_id,
        Recipient.FILER: ticket.filer_id,
        Recipient.ASSIGNEE: ticket.assignee_id,
        Recipient.SIGNERS: None,
    }
    found: list[Owes] = []
    told: set[tuple[str, int]] = set()
    for place, effect in enumerate(step.effects):
        key = f"ticket:{ticket.id}:{event.version}:{place}"
        if isinstance(effect, AccountAction):
            found.append(Owes(key, Kind.ACCOUNT, effect.action, ticket.person_id))
            continue
        if isinstance(effect, LicenseStep):
            continue  # taken in the same commit: the license's own history tells of it
        to = people[effect.to]
        if to is None or session.get_one(Person, to).email is None:
            continue
        if (effect.name, to) not in told:
            told.add((effect.name, to))
            found.append(Owes(key, Kind.MAIL, effect.name, to))
    return found


def owed(session: Session, event: Event) -> list[Owes]:
    """The same as it stands in the outbox."""
    query = select(Effect).where(Effect.event_id == event.id).order_by(Effect.id)
    return [
        Owes(effect.key, effect.kind, what(effect), effect.person_id)
        for effect in session.scalars(query)
    ]


def what(effect: Effect) -> str:
    action = effect.payload.get("action")
    return str(action or str(effect.payload["folders"][0]).rpartition("/")[2])
