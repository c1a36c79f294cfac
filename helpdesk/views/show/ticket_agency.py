"""A ticket as those see it who asked: where it stands, what is needed, what comes next."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import render_template, url_for

from helpdesk.forms.inputs import COURSE
from helpdesk.models.event import Event
from helpdesk.views.show import pieces
from helpdesk.views.show.attaching import answering, attaching, wanted_anew
from helpdesk.views.show.documents import documents_shown
from helpdesk.views.show.event_lines import EventShown, event_shown, papers_named
from helpdesk.views.show.signatures import (
    SignatureShown,
    awaits_signatures,
    refusals,
    signatures_shown,
    whose_turn,
)
from helpdesk.views.show.still_wrong import still_wrong
from helpdesk.views.show.ticket_base import (
    ReplyButton,
    Seen,
    asked,
    buttons,
    can,
    converted,
    question,
    receipt,
    reply_button,
    reply_form,
)
from helpdesk.views.show.todo import words_for
from workflows.common import (
    APPROVED,
    BEING_SET_UP,
    CLOSED,
    COMPLETED,
    CONVERTED,
    IN_REVIEW,
    NEW,
    NOTE,
    REJECTED,
    REJECTION_CODES,
    SUBMITTED,
    WAITING,
    WITHDRAWN,
)
from workflows.guards import NEW_PASSWORD, NEW_USER
from workflows.signing_steps import ALL_SIGNED, ASK_AGAIN, UNSIGNED

SIGNED = ("Signed", (UNSIGNED,))
BAR = (
    ("Sent", (SUBMITTED,)),
    ("Checked", (IN_REVIEW, WAITING)),
    ("Approved", (APPROVED, BEING_SET_UP)),
    ("Done", (COMPLETED,)),
)
INTERNAL = {
    NOTE, "hand_over", "setup_started", "hand_to_staff", "provisioning_failed", "take",
}  # fmt: skip


MAILED = {NEW_USER, NEW_PASSWORD}
"""Types that end with an email to the licensee without which there is no way in."""


def agency_page(seen: Seen) -> str:
    ticket, people = seen.ticket, seen.people
    about_me = ticket.person_id == seen.me.person_id
    told = [event for event in seen.events if is_told(event)]
    signatures = signatures_shown(seen)
    return render_template(
        "tickets/agency.html",
        ticket={
            "number": ticket.number,
            "version": told[-1].version if told else ticket.version,
            "type": seen.kind.label,
            "state": pieces.state_named(ticket.type, ticket.state),
            "person": people.licensee.name,
            "agency": people.agency.name if people.agency else None,
            "filed_by": people.filer.name,
            "filed": pieces.when(ticket.created_at),
            "about_me": about_me,
        },
        steps=_steps(seen),
        sentence=_sentence(seen, signatures),
        needed=_needed(seen),
        signatures=signatures,
        reply=_reply(seen),
        still_wrong=still_wrong(seen),
        documents=documents_shown(seen.people.documents, seen.readers,
                                  seen.attempt.facts.worksheets),
        others=converted(seen),
        todo=_todo(seen, about_me),
        asked=asked(seen),
        events=[_shown(seen, event) for event in reversed(told)],
        actions=buttons(seen, without=("answer", "write", ASK_AGAIN)),
        receipt=receipt(seen),
        refused=None,
        watch_url=url_for("tickets.show", ticket_id=ticket.id, watch=1) if ticket.open else None,
    )


ANSWER = {"title": "Your answer", "hint": "HAND goes on right away."}
ON_PAPER = {
    "title": "Did somebody sign on paper?",
    "hint": "Attach the signed page, and tick who signed it. If others have still to sign, send it "
    "as a message. When all have, HAND goes on.",
}
ANEW = {
    "title": "Your answer",
    "hint": "Whoever signs on the page is asked by email again. Is the worksheet right as it is? "
    "Ask again, below under Signatures.",
}
"""What is said of the answer, where HAND has asked, where others have only to sign, and where
one of them can’t."""


def _reply(seen: Seen) -> dict[str, Any] | None:
    """The answer HAND waits for, with the place for what is needed; else a message to HAND."""
    if can(seen, "answer"):
        words = ON_PAPER if awaits_signatures(seen) else ANSWER
        words = ANEW if refusals(seen) else words
        form = reply_form(seen, "answer")
        wanted = answering(seen.me, form, seen.ticket, seen.people.documents,
                           wanted_anew(seen.ticket, seen.attempt.facts))  # fmt: skip
        return words | {"form": form, "documents": wanted,
                        "courses": [each.name for each in form if each.name.startswith(COURSE)],
                        "buttons": _answer_buttons(seen)}  # fmt: skip
    if can(seen, "write"):
        form = reply_form(seen, "write")
        files = replace(attaching(seen.me, form.form_key or "", ()), ticket_id=seen.ticket.id,
                        held=len(seen.people.documents))  # fmt: skip
        return {"title": "Write to HAND", "form": form, "documents": files, "courses": [],
                "buttons": [reply_button(seen, "write")], "hint": None}  # fmt: skip
    return None


def _answer_buttons(seen: Seen) -> list[ReplyButton]:
    """While others have only to sign, words alone are no answer: they are a message."""
    found = [reply_button(seen, "answer", "main")]
    if awaits_signatures(seen) and can(seen, "write"):
        found.append(reply_button(seen, "write"))
    return found


def _shown(seen: Seen, event: Event) -> EventShown:
    """Why a manager went past the rules is kept among HAND."""
    shown = event_shown(seen.ticket.type, event, seen.readers)
    if event.trigger != "override":
        return shown
    return replace(shown, what="approved the request", text=None, kind="step")


def is_told(event: Event) -> bool:
    """The desk's own housekeeping is not the submitter's concern; its first look is."""
    return event.trigger not in INTERNAL or (
        event.trigger == "take" and event.from_state == SUBMITTED
    )


def _steps(seen: Seen) -> list[dict[str, Any]]:
    """A few words with the dates on which the ticket came there; an early end shows its own."""
    state, bar = seen.ticket.state, _bar(seen)
    reached = {_stage(event): event.at for event in seen.events}
    reached[SUBMITTED] = seen.ticket.created_at
    if awaits_signatures(seen):
        state = UNSIGNED
    here = next((i for i, (_word, states) in enumerate(bar) if state in states), None)
    if here is None:
        return _stopped(seen, reached)
    steps, now = [], "waiting" if state in {WAITING, UNSIGNED} else "now"
    for place, (word, states) in enumerate(bar):
        at = next((reached[name] for name in states if name in reached), None)
        look = "done" if place < here or state == COMPLETED else "todo" if place > here else now
        shown = pieces.when(at) if at and look != "todo" else None
        steps.append({"word": word, "state": look, "when": shown})
    return steps


def _bar(seen: Seen) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Others have perhaps to sign before HAND looks at it."""
    unsigned = any(event.trigger == UNSIGNED for event in seen.events)
    return (BAR[0], SIGNED, *BAR[1:]) if unsigned else BAR


def _stage(event: Event) -> str:
    return UNSIGNED if event.trigger in {UNSIGNED, ALL_SIGNED} else event.to_state


def _stopped(seen: Seen, reached: dict[str, Any]) -> list[dict[str, Any]]:
    steps = [
        {"word": word, "state": "done", "when": pieces.when(at)}
        for word, states in BAR
        if (at := next((reached[name] for name in states if name in reached), None))
    ]
    end = pieces.state_named(seen.ticket.type, seen.ticket.state)
    when = pieces.when(seen.ticket.updated_at)
    look = "now" if seen.ticket.state == CONVERTED else "stopped"
    return [*steps, {"word": end.label, "state": look, "when": when}]


def _sentence(seen: Seen, signatures: Sequence[SignatureShown]) -> str:
    state = seen.kind.workflow.state(seen.ticket.state)
    if seen.ticket.state == WAITING:
        return whose_turn(seen, signatures)
    if pieces.state_of(seen.ticket).name == pieces.NEEDS_ATTENTION:
        return "HAND met a problem with the account and is on it. You need not do anything."
    if seen.ticket.state == REJECTED:
        return f"{state.says} {_why_rejected(seen)}"
    return pieces.says(state, seen.ticket.due_at)


def _why_rejected(seen: Seen) -> str:
    data = next(event.data for event in reversed(seen.events) if event.to_state == REJECTED)
    code = REJECTION_CODES.get(data.get("code", ""), "It said")
    return f"{code}: “{data.get('message')}”"


def _needed(seen: Seen) -> dict[str, Any] | None:
    if seen.ticket.state != WAITING or awaits_signatures(seen):
        return _refused(seen)
    asked_last = question(seen)
    return {
        "label": "What HAND needs",
        "title": "HAND needs something from you",
        "who": asked_last.actor_name,
        "when": pieces.when(asked_last.at),
        "text": asked_last.data.get("message"),
        "papers": papers_named(asked_last),
    }


def _refused(seen: Seen) -> dict[str, Any] | None:
    """Somebody can’t sign what is filled in: that is for whoever did it to mend."""
    refused = refusals(seen)
    if not refused or not can(seen, "answer"):
        return None
    row = refused[0]
    return {
        "label": "What is to mend",
        "title": f"{row.name} can’t sign. Fill in the worksheet anew",
        "who": row.name,
        "when": pieces.when(row.declined_at) if row.declined_at else None,
        "text": row.declined,
        "papers": [],
    }


def _again(seen: Seen) -> dict[str, str] | None:
    """An ended request can be filed again by somebody who may file it."""
    ticket = seen.ticket
    submit = seen.kind.workflow.step_from(NEW, "submit")
    if submit is None or not submit.who & seen.me.parties(ticket.agency_id, ticket.person_id):
        return None
    url = url_for(
        "requests.file", type_name=ticket.type, person=ticket.person_id, again=ticket.id
    )
    return {"label": "File it again", "words": "Once what HAND says is mended.", "url": url}


def _todo(seen: Seen, about_me: bool) -> dict[str, str] | None:
    if seen.ticket.state in {REJECTED, WITHDRAWN, CLOSED}:
        return _again(seen)
    if seen.ticket.state != COMPLETED:
        return None
    name = seen.people.licensee.name
    if not about_me and seen.people.licensee.email is None and seen.ticket.type in MAILED:
        return {"label": f"Tell {name} to expect a call", "words": "There is no email address on "
                "file, so HAND calls to help with the new password."}  # fmt: skip
    return words_for(seen.ticket.type, name, about_me=about_me)
