"""A line of a history: who did what, when, and with which words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from helpdesk.models.event import Event
from helpdesk.models.person import Person
from helpdesk.views.show import pieces
from workflows.common import NOTE, REJECTION_CODES
from workflows.dates import in_words
from workflows.engine import Step
from workflows.facts import TicketFacts
from workflows.papers import KINDS
from workflows.registry import ticket_type
from workflows.straight import BY_RULE


@dataclass(frozen=True)
class EventShown:
    """A line of the history."""

    who: str
    what: str
    text: str | None
    when: pieces.When
    kind: str
    state: pieces.StateShown | None


def given_to(events: Iterable[Event]) -> set[int]:
    """The ids of those to whom a ticket was handed over."""
    return {event.data["assignee"] for event in events if "assignee" in event.data}


def done_in_words(
    event: Event, step: Step[TicketFacts] | None, people: Mapping[int, Person]
) -> str:
    """What was done, and to whom a ticket was given."""
    done = step.done if step else event.trigger
    taker = people.get(event.data.get("assignee", 0))
    return f"{done} to {taker.name}" if taker else done


def event_shown(type_name: str, event: Event, people: Mapping[int, Person]) -> EventShown:
    """`people`: those that the event may name, by id."""
    step = ticket_type(type_name).workflow.step_from(event.from_state, event.trigger)
    moved = event.from_state != event.to_state
    text = _said(event)
    return EventShown(
        who=event.actor_name,
        what=done_in_words(event, step, people),
        text=text,
        when=pieces.when(event.at),
        kind=_kind_of(event, text),
        state=pieces.state_named(type_name, event.to_state) if moved else None,
    )


def _kind_of(event: Event, text: str | None) -> str:
    if event.trigger == NOTE:
        return "note"
    return "system" if event.actor_id is None else "message" if text else "step"


def _said(event: Event) -> str | None:
    """The words of a step, with what else its form brought."""
    data = event.data
    code = REJECTION_CODES.get(data.get("code", ""))
    parts = [f"{code}. {data.get('message')}" if code else data.get("message")]
    if event.trigger == BY_RULE:
        parts.append(f"Version {data['rule']} of the rule. {' '.join(data['because'])}")
    parts += [_taken(each) for each in data.get("dates", ())]
    if papers := papers_named(event):
        parts.append(f"Needed: {', '.join(papers)}.")
    if names := data.get("documents"):
        parts.append(f"Attached: {', '.join(names)}.")
    return "\n".join(part for part in parts if part) or None


def _taken(told: Mapping[str, str]) -> str:
    """A date of the request that another took the place of."""
    before, after = (in_words(date.fromisoformat(told[end])) for end in ("from", "to"))
    return f"{told['course']}: {after}, typed was {before}."


def papers_named(event: Event) -> list[str]:
    """What HAND ticked; where the type changed, the words themselves name what is missing."""
    papers = event.data.get("papers", []) if event.trigger == "ask_for_more" else []
    return [KINDS[paper].label if paper in KINDS else paper for paper in papers]
