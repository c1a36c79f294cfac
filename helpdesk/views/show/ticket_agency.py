"""A ticket as those see it who asked: where it stands, what is needed, what comes next."""

from typing import Any

from flask import render_template, url_for

from helpdesk.models.event import Event
from helpdesk.services.words import short_moment
from helpdesk.views.show import pieces
from helpdesk.views.show.ticket_base import (
    Seen,
    asked,
    buttons,
    event_shown,
    receipt,
    reply_box,
)
from workflows.common import (
    APPROVED,
    BEING_SET_UP,
    CLOSED,
    COMPLETED,
    IN_REVIEW,
    NEW,
    REJECTED,
    SUBMITTED,
    WAITING,
    WITHDRAWN,
)

BAR = (
    ("Sent", (SUBMITTED,)),
    ("Checked", (IN_REVIEW, WAITING)),
    ("Approved", (APPROVED, BEING_SET_UP)),
    ("Done", (COMPLETED,)),
)
INTERNAL = {"hand_over", "setup_started", "provisioning_failed", "take"}


def agency_page(seen: Seen) -> str:
    ticket, people = seen.ticket, seen.people
    about_me = ticket.person_id == seen.me.person_id
    told = [event for event in seen.events if _told(event)]
    return render_template(
        "tickets/agency.html",
        ticket={
            "number": ticket.number,
            "version": ticket.version,
            "type": seen.kind.label,
            "state": pieces.state_named(ticket.type, ticket.state),
            "person": people.licensee.name,
            "agency": people.agency.name if people.agency else None,
            "filed_by": people.filer.name,
            "filed": pieces.when(ticket.created_at),
            "about_me": about_me,
        },
        steps=_steps(seen),
        sentence=_sentence(seen),
        needed=_needed(seen),
        reply=reply_box(seen, "answer", "Your answer", "Send answer", "HAND goes on right away."),
        todo=_todo(seen, about_me),
        asked=asked(ticket),
        events=[event_shown(ticket.type, event, seen.readers) for event in reversed(told)],
        actions=buttons(seen, without=("answer",)),
        receipt=receipt(seen),
        refused=None,
        watch_url=url_for("tickets.show", ticket_id=ticket.id, watch=1) if ticket.open else None,
    )


def _told(event: Event) -> bool:
    """The desk's own housekeeping is not the submitter's concern; its first look is."""
    return event.trigger not in INTERNAL or (
        event.trigger == "take" and event.from_state == SUBMITTED
    )


def _steps(seen: Seen) -> list[dict[str, Any]]:
    """Four words with the dates on which the ticket came there; an early end shows its own."""
    state = seen.ticket.state
    reached = {event.to_state: event.at for event in seen.events}
    here = next((i for i, (_word, states) in enumerate(BAR) if state in states), None)
    if here is None:
        return _stopped(seen, reached)
    steps = []
    for place, (word, states) in enumerate(BAR):
        at = next((reached[name] for name in states if name in reached), None)
        look = "done" if place < here or state == COMPLETED else "now" if place == here else "todo"
        shown = pieces.when(at) if at and look != "todo" else None
        steps.append({"word": word, "state": look, "when": shown})
    return steps


def _stopped(seen: Seen, reached: dict[str, Any]) -> list[dict[str, Any]]:
    steps = [
        {"word": word, "state": "done", "when": pieces.when(at)}
        for word, states in BAR
        if (at := next((reached[name] for name in states if name in reached), None))
    ]
    end = pieces.state_named(seen.ticket.type, seen.ticket.state)
    when = pieces.when(seen.ticket.updated_at)
    return [*steps, {"word": end.label, "state": "stopped", "when": when}]


def _sentence(seen: Seen) -> str:
    state = seen.kind.workflow.state(seen.ticket.state)
    if seen.ticket.due_at is None:
        return state.says
    return f"{state.says} You will hear by {short_moment(seen.ticket.due_at)}."


def _needed(seen: Seen) -> dict[str, Any] | None:
    if seen.ticket.state != WAITING:
        return None
    question = next(e for e in reversed(seen.events) if e.trigger == "ask_for_more")
    return {
        "who": question.actor_name,
        "when": pieces.when(question.at),
        "text": question.data.get("message"),
    }


def _again(seen: Seen) -> dict[str, str] | None:
    """An ended request can be filed again by somebody who may file it."""
    ticket = seen.ticket
    submit = seen.kind.workflow.step_from(NEW, "submit")
    if submit is None or not submit.who & seen.me.parties(ticket.agency_id, ticket.person_id):
        return None
    url = url_for("requests.file", type_name=ticket.type, person=ticket.person_id)
    return {"label": "File it again", "words": "Once what HAND says is mended.", "url": url}


def _todo(seen: Seen, about_me: bool) -> dict[str, str] | None:
    if seen.ticket.state in {REJECTED, WITHDRAWN, CLOSED}:
        return _again(seen)
    if seen.ticket.state != COMPLETED:
        return None
    name = seen.people.licensee.name
    if about_me:
        return {
            "label": "Choose a new password",
            "words": "The link is in your email; look in Spam or Junk too. Then sign in.",
        }
    if seen.people.licensee.email is None:
        return {"label": f"Tell {name} to expect a call", "words": "There is no email address on "
                "file, so HAND calls to help with the new password."}  # fmt: skip
    return {
        "label": f"Tell {name} to look at their email",
        "words": "A link to choose a new password was sent there. Only they may use it.",
    }
