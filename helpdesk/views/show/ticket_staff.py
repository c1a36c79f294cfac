"""The desk's own view of a ticket."""

from typing import Any

from flask import render_template, url_for

from helpdesk.actor import Channel
from helpdesk.extensions import settings
from helpdesk.models.effect import Kind, Status
from helpdesk.models.straight import Outcome, StraightCase
from helpdesk.models.ticket import Ticket
from helpdesk.services import checklists, overview, tickets, waiting
from helpdesk.services.directories import by_hand
from helpdesk.services.words import short_moment
from helpdesk.views.show import pieces
from helpdesk.views.show.checklists import progress
from helpdesk.views.show.corrections import moved_lately
from helpdesk.views.show.courses import courses_on_file
from helpdesk.views.show.documents import documents_shown
from helpdesk.views.show.fates import fate_of
from helpdesk.views.show.license_events import events_shown
from helpdesk.views.show.review_history import with_review
from helpdesk.views.show.signatures import signatures_shown
from helpdesk.views.show.ticket_base import (
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
from workflows.checking import Verdict
from workflows.common import CONVERTED, IN_REVIEW, NOTE, WAITING
from workflows.dates import in_words
from workflows.engine import Reason
from workflows.guards import TicketGuard
from workflows.requirements import gained_days, untold
from workflows.signing_steps import ASK_AGAIN
from workflows.straight import JUDGES
from workflows.taken_dates import TAKE_DATES
from workflows.worksheet_guards import everybody_signed

HOW = {Channel.LINK: "through a link mailed to the address on file"}


def staff_page(seen: Seen) -> str:
    ticket = seen.ticket
    return render_template(
        "tickets/staff.html",
        ticket=_head(seen),
        person=_person(seen),
        asked=asked(seen),
        checks=_checks(seen),
        documents=documents_shown(seen.people.documents, seen.readers,
                                  seen.attempt.facts.worksheets),
        signatures=signatures_shown(seen),
        review_url=_review_url(seen),
        others=converted(seen),
        by_hand=_by_hand(seen),
        actions=buttons(seen, without=(*TALK, ASK_AGAIN, *_needless(seen))),
        why_not=_why_not(seen),
        reply=_reply(seen),
        events=with_review(seen),
        fates=[fate_of(effect, seen.readers[effect.person_id]) for effect in seen.effects],
        receipt=receipt(seen),
        refused=None,
        attention=_attention(seen),
        sample=_sample(seen),
        watch_url=url_for("tickets.show", ticket_id=ticket.id, watch=1) if ticket.open else None,
    )


def _review_url(seen: Seen) -> str | None:
    """Where the documents are looked at, one after the other."""
    if not seen.people.documents or not seen.ticket.open:
        return None
    return url_for("review.begin", ticket_id=seen.ticket.id)


def _head(seen: Seen) -> dict[str, Any]:
    ticket, people = seen.ticket, seen.people
    path = [(event.at, event.to_state) for event in seen.events]
    dests = {o.step.dest for o in seen.options if o.allowed and o.step.dest} - {CONVERTED}
    how = HOW.get(Channel(ticket.channel), "in the web form")
    if ticket.entered_by_id is not None:
        how = f"by phone, entered by {_enterer(seen)}"
    return {
        "number": ticket.number,
        "version": ticket.version,
        "type": seen.kind.label,
        "state": pieces.state_of(ticket),
        "past": pieces.past_states(seen.events),
        "next": [pieces.state_named(ticket.type, dest) for dest in sorted(dests)],
        "time": pieces.time_left(ticket, path),
        "waits": _waits(seen),
        "assignee": people.assignee.name if people.assignee else None,
        "mine": ticket.assignee_id == seen.me.person_id,
        "filed_by": people.filer.name,
        "filed_how": how,
        "filed": pieces.when(ticket.created_at),
    }


def _waits(seen: Seen) -> str | None:
    """What the calendar does next while nobody answers."""
    if seen.ticket.state != WAITING:
        return None
    asked_at = question(seen).at
    sent = [e.at for e in seen.events if e.trigger == "remind" and e.at >= asked_at]
    reminded = f" Reminded last {short_moment(sent[-1])}." if sent else ""
    ends = short_moment(waiting.ends(asked_at))
    return f"Will be closed {ends} unless somebody answers.{reminded}"


def _enterer(seen: Seen) -> str:
    """The name under which the filing stands in the history."""
    return seen.events[0].actor_name if seen.events else "HAND"


def _person(seen: Seen) -> dict[str, Any]:
    person, agency = seen.people.licensee, seen.people.agency
    corrections = [each for each in seen.people.corrections if each.person_id == person.id]
    return {
        "url": url_for("people.show", person_id=person.id),
        "correct_url": url_for("people.correct", person_id=person.id),
        "moved": moved_lately(corrections),
        "name": person.name,
        "username": person.username,
        "email": person.email,
        "phone": person.phone,
        "agency": agency.name if agency else None,
        "license": pieces.license_shown(seen.people.license),
        "events": events_shown(seen.session, list(seen.lived), corrections),
        "earlier": [_earlier(ticket) for ticket in overview.earlier_of(seen.session, seen.ticket)],
    }


def _earlier(ticket: Ticket) -> dict[str, Any]:
    return {
        "number": ticket.number,
        "url": url_for("tickets.show", ticket_id=ticket.id),
        "type": pieces.type_label(ticket),
        "state": pieces.state_of(ticket),
        "when": pieces.when(ticket.created_at),
    }


def _checks(seen: Seen) -> list[dict[str, str]]:
    """The guards on approval, asked now, so that they are read before the button is pressed."""
    step = seen.kind.workflow.step_from(IN_REVIEW, "approve")
    if step is None or not seen.ticket.open:
        return []
    checks = [check for guard in step.guards for check in _asked(guard, seen)]
    return [*checks, *_on_worksheets(seen), *courses_on_file(seen), *_gain(seen)]


def _on_worksheets(seen: Seen) -> list[dict[str, str]]:
    """What a program found wrong there: no guard keeps staff from approving it all the same."""
    faults = (check for each in seen.attempt.facts.worksheets
              for check in each.having(Verdict.FAIL))  # fmt: skip
    return [{"words": f"On the worksheet: {check.sentence}", "result": "warn"} for check in faults]


def _asked(guard: TicketGuard, seen: Seen) -> list[dict[str, str]]:
    reasons = guard.reasons(seen.attempt)
    if not reasons:
        return [{"words": guard.rule, "result": "ok"}]
    if guard is everybody_signed:
        return _unsigned(seen)
    result = "warn" if guard.on_form else "bad"
    return [{"words": reason.sentence, "result": result} for reason in reasons]


def _unsigned(seen: Seen) -> list[dict[str, str]]:
    """Nothing is wrong where somebody has only not signed yet."""
    asks = " Ask for a new worksheet, or ask them again." if can(seen, "ask_for_more") else ""
    return [{"words": f"{each.name} can’t sign, and has said why.{asks}", "result": "bad"}
            if each.declined else
            {"words": f"Waits for the signature of {each.name}.", "result": "wait"}
            for each in seen.attempt.facts.asked_to_sign]  # fmt: skip


def _gain(seen: Seen) -> list[dict[str, str]]:
    """A license that is hardly good for longer than it was: the courses were done long ago."""
    if seen.kind.until is None:
        return []
    facts = seen.attempt.facts
    if seen.kind.purpose is not None and untold(facts, seen.kind.purpose):
        return []  # nobody can tell yet
    until = seen.kind.until(facts)
    days = gained_days(facts, until)
    if days >= facts.rules.least_gain_days:
        return [{"words": f"It will be good until {in_words(until)}.", "result": "ok"}]
    more = "1 day" if days == 1 else f"{max(days, 0)} days"
    words = f"It will be good until {in_words(until)}: that is only {more} from now."
    return [{"words": words, "result": "warn"}]


TALK = ("ask_for_more", "comment", "note", "record_answer")


def _reply(seen: Seen) -> dict[str, Any] | None:
    """One box for words, and a button for each way they can go."""
    asks = can(seen, "ask_for_more")
    ways = [("comment", "plain", "send"), ("ask_for_more", "plain", "pause-circle"),
            ("record_answer", "plain", "telephone"),
            (NOTE, "plain", "lock")]  # fmt: skip
    shown = [reply_button(seen, *way) for way in ways if can(seen, way[0])]
    if not shown:
        return None
    form = reply_form(seen, "ask" if asks else "message")
    hint = f"{_goes_to(seen)} A note stays with HAND." if can(seen, "comment") else None
    return {"title": "Write", "form": form, "documents": None, "courses": [], "buttons": shown,
            "hint": hint}  # fmt: skip


def _needless(seen: Seen) -> tuple[str, ...]:
    """Nothing has to be overridden where nothing speaks against approving."""
    return ("override",) if can(seen, "approve") else ()


UNSAID = {"take", TAKE_DATES, ASK_AGAIN}


def _why_not(seen: Seen) -> list[dict[str, Any]]:
    """The reader's steps that are refused or start elsewhere, those with the same reasons
    together. That a ticket is one's own already, its dates agree, or nobody has to sign, needs no
    saying."""
    parties = seen.me.parties(seen.ticket.agency_id, seen.ticket.person_id)
    mine = [option for option in seen.options if option.step.who & parties]
    refused = [o for o in mine if not o.allowed and o.step.trigger not in UNSAID]
    found: dict[tuple[Reason, ...], list[str]] = {}
    others = tickets.elsewhere_at(seen.ticket, seen.me)
    for option in (*refused, *(o for o in others if o.step.trigger not in UNSAID - {"take"})):
        found.setdefault(option.reasons, []).append(option.step.label)
    return [
        {"label": ", ".join(dict.fromkeys(labels)), "reasons": [r.sentence for r in reasons]}
        for reasons, labels in found.items()
    ]


def _goes_to(seen: Seen) -> str:
    people = (seen.people.filer, seen.people.licensee)
    names = dict.fromkeys(person.name for person in people if person.email)
    if not names:
        return "Nobody concerned has an address on file."
    return f"A message goes to {' and '.join(names)}."


def _by_hand(seen: Seen) -> dict[str, Any] | None:
    """What waits for the hands of somebody at HAND or was done by them, and where to see it."""
    waits = any(effect.status is Status.HANDED_OVER for effect in seen.effects)
    task = checklists.last_of(seen.session, seen.ticket.id) if waits or by_hand() else None
    if task is None:
        return None
    return {
        "open": task.open,
        "hmis": settings().HMIS_NAME,
        "progress": progress(task.checklist),
        "url": url_for("checklists.show", checklist_id=task.checklist.id),
    }


def _attention(seen: Seen) -> str | None:
    if not seen.ticket.needs_attention:
        return None
    failed = [event for event in seen.events if event.trigger == "provisioning_failed"]
    why = failed[-1].data.get("message", "") if failed else ""
    waits = any(e.kind is Kind.ACCOUNT and e.status is Status.DEAD for e in seen.effects)
    way = "Try again under Failed, or reject." if waits else "It was given up: reject the request."
    return f"The account could not be changed. {why} {way}"


def _sample(seen: Seen) -> str | None:
    """That it was a sample is told once somebody has judged it, so that they do so as ever."""
    if not any(event.trigger in JUDGES for event in seen.events):
        return None
    case = seen.session.get(StraightCase, seen.ticket.id)
    if case is None or case.outcome is not Outcome.SAMPLED:
        return None
    return "This was a sample: the rule would have approved it. It is measured by what you decided."
