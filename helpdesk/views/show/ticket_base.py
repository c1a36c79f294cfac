"""What both views of a ticket read, and which steps they offer."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.actor import Actor
from helpdesk.forms.course_dates import fitted
from helpdesk.forms.registry import request_form, step_form
from helpdesk.forms.steps import StepForm
from helpdesk.models.effect import Effect, Kind
from helpdesk.models.event import Event, histories
from helpdesk.models.person import Person, named
from helpdesk.models.ticket import Ticket, number_of
from helpdesk.services import tickets
from helpdesk.services.directories import by_hand
from helpdesk.services.facts import people_of
from helpdesk.services.letters import Parties
from helpdesk.views.show.event_lines import done_in_words, given_to
from helpdesk.views.show.fates import reader_of
from workflows.common import ASKS, CONVERTED
from workflows.dates import in_words
from workflows.effects import AccountAction, Action, Mail
from workflows.engine import Attempt, Option, Step
from workflows.facts import TicketFacts
from workflows.registry import ticket_type
from workflows.signing_steps import UNSIGNED
from workflows.taken_dates import TAKE_DATES
from workflows.ticket_type import TicketType


@dataclass(frozen=True)
class Seen:
    """A ticket with all that its page is made of, read once. `done`: the version of the
    reader's own step, just taken, or None; `lived`: what happened to the license, for staff."""

    session: Session
    ticket: Ticket
    kind: TicketType
    me: Actor
    people: Parties
    events: list[Event]
    effects: list[Effect]
    attempt: Attempt[TicketFacts]
    options: tuple[Option[TicketFacts], ...]
    readers: dict[int, Person]
    done: int | None
    lived: Sequence[Event] = ()


def read_ticket(session: Session, ticket: Ticket, me: Actor, done: int | None) -> Seen:
    effects = list(
        session.scalars(select(Effect).where(Effect.ticket_id == ticket.id).order_by(Effect.id))
    )
    people = people_of(session, ticket)
    row = people.license if me.staff else None
    events, lived = histories(session, ticket.id, row.id if row else 0)
    attempt = tickets.attempt_at(session, ticket, people, me)
    return Seen(
        session=session,
        ticket=ticket,
        kind=ticket_type(ticket.type),
        me=me,
        people=people,
        events=events,
        effects=effects,
        attempt=attempt,
        options=tickets.options_at(ticket, attempt),
        readers=_readers(session, people, effects, events),
        done=done,
        lived=lived,
    )


def _readers(
    session: Session, people: Parties, effects: list[Effect], events: list[Event]
) -> dict[int, Person]:
    """Everybody who is written to, or was given the ticket."""
    known = {p.id: p for p in (people.licensee, people.filer, people.assignee) if p is not None}
    others = {effect.person_id for effect in effects} | given_to(events)
    others |= {document.owner_id for document in people.documents}
    others -= known.keys()
    return known | named(session, others) if others else known


def question(seen: Seen) -> Event:
    """What HAND asked last, on a ticket that waits for the answer."""
    return next(event for event in reversed(seen.events) if event.trigger in ASKS)


def asked(seen: Seen) -> list[tuple[str, str | None]]:
    read_back = request_form(seen.ticket.type).read_back
    return read_back(seen.ticket.fields, seen.attempt.facts.grid)


LOOKS = {
    "take": ("primary", "hand-index"),
    "approve": ("primary", "check-lg"),
    "ask_for_more": ("plain", "chat-left-text"),
    "answer": ("plain", "chat-left-text"),
    "reject": ("danger", "x-lg"),
    "withdraw": ("danger", "x-lg"),
    "hand_over": ("plain", "people"),
    "convert": ("quiet", "arrow-left-right"),
    "override": ("danger", "shield-exclamation"),
    TAKE_DATES: ("plain", "list-check"),
}


def buttons(seen: Seen, without: Iterable[str] = ()) -> list[dict[str, Any]]:
    """The steps allowed now, less those that have their own place on the page."""
    return [
        _button(seen.ticket, option.step)
        for option in seen.options
        if option.allowed and option.step.trigger not in without
    ]


def _button(ticket: Ticket, step: Step[TicketFacts]) -> dict[str, Any]:
    kind, icon = LOOKS.get(step.trigger, ("plain", None))
    label = step.label
    if step.trigger == "take" and ticket.assignee_id is None:
        label = "Take it"
    elif step.trigger == "take":
        kind = "plain"
    return {
        "label": label,
        "url": step_url(ticket, step.trigger),
        "kind": kind,
        "icon": icon,
        "posts": step.form is None,
    }


def step_url(ticket: Ticket, trigger: str) -> str:
    return url_for("tickets.step", ticket_id=ticket.id, trigger=trigger)


def can(seen: Seen, trigger: str) -> bool:
    return any(option.allowed and option.step.trigger == trigger for option in seen.options)


@dataclass(frozen=True)
class ReplyButton:
    """One of the ways a reply can be sent; the first is where the form itself goes."""

    label: str
    url: str
    look: str
    icon: str


def reply_button(
    seen: Seen, trigger: str, look: str = "plain", icon: str = "send", label: str | None = None
) -> ReplyButton:
    (option,) = (o for o in seen.options if o.step.trigger == trigger)
    return ReplyButton(label or option.step.label, step_url(seen.ticket, trigger), look, icon)


def reply_form(seen: Seen, name: str) -> StepForm:
    """A step's form as it is first shown on the ticket's own page."""
    facts = seen.attempt.facts
    form_class = fitted(step_form(seen.ticket.type, name), facts.grid)
    form = form_class(
        formdata=None, version=seen.ticket.version, key=secrets.token_urlsafe(24)
    )
    form.prepare(seen.ticket, [], facts)
    return form


def converted(seen: Seen) -> list[dict[str, str]]:
    """The ticket that this one came of, and the one that it goes on as."""
    ticket, found = seen.ticket, []
    if ticket.converted_from_id is not None:
        found.append(_other(ticket.converted_from_id, "It began as"))
    if ticket.state == CONVERTED:
        query = select(Ticket.id).where(Ticket.converted_from_id == ticket.id)
        later = seen.session.scalar(query)
        found += [_other(later, "It goes on as")] if later else []
    return found


def _other(ticket_id: int, words: str) -> dict[str, str]:
    url = url_for("tickets.show", ticket_id=ticket_id)
    return {"words": words, "number": number_of(ticket_id), "url": url}


def receipt(seen: Seen) -> dict[str, Any] | None:
    """What the reader's own step did, read from the history and the outbox."""
    mine = (e for e in seen.events if e.version == seen.done and e.actor_id == seen.me.person_id)
    event = next(mine, None)
    if event is None:
        return None
    step = seen.kind.workflow.step_from(event.from_state, event.trigger)
    owed = [effect for effect in seen.effects if effect.event_id == event.id]
    happened = f"You {done_in_words(event, step, seen.readers)}."
    if event.trigger == "submit":
        happened = f"HAND has your request. Its number is {seen.ticket.number}."
    elif event.trigger == UNSIGNED:
        happened = f"Your request is filed. Its number is {seen.ticket.number}."
    return {"happened": happened, "will": _will(seen, owed)}


def _will(seen: Seen, owed: list[Effect]) -> list[str]:
    mailed = [(e, seen.readers[e.person_id]) for e in owed if e.kind is Kind.MAIL]
    told = [reader_of(each, person) for each, person in mailed if person.id != seen.me.person_id]
    if len(told) < len(mailed):
        told.append("you")
    sentences = [f"An email about it goes to {' and '.join(dict.fromkeys(told))}."] if told else []
    if actions := [e.payload["action"] for e in owed if e.kind is Kind.ACCOUNT]:
        waits = "It waits under “To carry out” for somebody to do it."
        done = f"The account is {_verb(actions[0])} now; you will see it here."
        sentences.insert(0, waits if by_hand() else done)
    return sentences


def _verb(action: str) -> str:
    return "created" if action == Action.CREATE else "changed"


def will_follow(step: Step[TicketFacts], people: Parties, until: date | None) -> list[str]:
    """What a step will do, before it is taken. `until`: the expiry it sets, if it sets one."""
    told = [people.of(e.to) for e in step.effects if isinstance(e, Mail)]
    names = list(dict.fromkeys(p.name for p in told if p is not None and p.email))
    get = "gets" if len(names) == 1 else "get"
    sentences = [f"{' and '.join(names)} {get} an email."] if names else []
    if actions := [each.action for each in step.effects if isinstance(each, AccountAction)]:
        name, verb = people.licensee.name, _verb(actions[0])
        end = f" The license is then good until {in_words(until)}." if until else ""
        hands = f"has to be {verb} by hand, under “To carry out”"
        how = hands if by_hand() else f"is {verb} right after"
        sentences.insert(0, f"The account of {name} {how}.{end}")
    return sentences
