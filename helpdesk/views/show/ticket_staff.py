"""The desk's own view of a ticket."""

from typing import Any

from flask import render_template, url_for

from helpdesk.actor import Channel
from helpdesk.extensions import db
from helpdesk.models.effect import Kind, Status
from helpdesk.models.license import license_of
from helpdesk.models.ticket import Ticket
from helpdesk.services import overview
from helpdesk.views.show import pieces
from helpdesk.views.show.fates import fate_of
from helpdesk.views.show.ticket_base import (
    Seen,
    asked,
    buttons,
    event_shown,
    receipt,
    reply_box,
)
from workflows.common import IN_REVIEW

HOW = {Channel.LINK: "through a link mailed to the address on file"}


def staff_page(seen: Seen) -> str:
    ticket = seen.ticket
    return render_template(
        "tickets/staff.html",
        ticket=_head(seen),
        person=_person(seen),
        asked=asked(ticket),
        checks=_checks(seen),
        documents=[],
        actions=buttons(seen, without=("ask_for_more",)),
        why_not=_why_not(seen),
        reply=reply_box(seen, "ask_for_more", "Ask for more", "Ask for more", _goes_to(seen)),
        events=[event_shown(ticket.type, event, seen.readers) for event in reversed(seen.events)],
        fates=[fate_of(effect, seen.readers[effect.person_id]) for effect in seen.effects],
        receipt=receipt(seen),
        refused=None,
        attention=_attention(seen),
        watch_url=url_for("tickets.show", ticket_id=ticket.id, watch=1) if ticket.open else None,
    )


def _head(seen: Seen) -> dict[str, Any]:
    ticket, people = seen.ticket, seen.people
    path = [(event.at, event.to_state) for event in seen.events]
    dests = {o.step.dest for o in seen.options if o.allowed and o.step.dest}
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
        "assignee": people.assignee.name if people.assignee else None,
        "mine": ticket.assignee_id == seen.me.person_id,
        "filed_by": people.filer.name,
        "filed_how": how,
        "filed": pieces.when(ticket.created_at),
    }


def _enterer(seen: Seen) -> str:
    """The name under which the filing stands in the history."""
    return seen.events[0].actor_name if seen.events else "HAND"


def _person(seen: Seen) -> dict[str, Any]:
    person, agency = seen.people.licensee, seen.people.agency
    row = license_of(db.session(), person.id)
    return {
        "name": person.name,
        "username": person.username,
        "email": person.email,
        "phone": person.phone,
        "agency": agency.name if agency else None,
        "license": pieces.license_shown(row),
        "earlier": [_earlier(ticket) for ticket in overview.earlier_of(db.session(), seen.ticket)],
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
    checks = []
    for guard in step.guards:
        reason = guard.unmet(seen.attempt)
        result = "ok" if reason is None else "warn" if guard.on_form else "bad"
        checks.append({"words": reason.sentence if reason else guard.rule, "result": result})
    return checks


def _why_not(seen: Seen) -> list[dict[str, Any]]:
    """Steps that are for staff and refused for another reason than who one is."""
    parties = seen.me.parties(seen.ticket.agency_id, seen.ticket.person_id)
    return [
        {"label": option.step.label, "reasons": [r.sentence for r in option.reasons]}
        for option in seen.options
        if not option.allowed and option.step.who & parties and option.step.trigger != "take"
    ]


def _goes_to(seen: Seen) -> str:
    people = (seen.people.filer, seen.people.licensee)
    names = dict.fromkeys(person.name for person in people if person.email)
    return f"Goes to {' and '.join(names)}. The clock stops until they answer."


def _attention(seen: Seen) -> str | None:
    if not seen.ticket.needs_attention:
        return None
    failed = [event for event in seen.events if event.trigger == "provisioning_failed"]
    why = failed[-1].data.get("message", "") if failed else ""
    waits = any(e.kind is Kind.ACCOUNT and e.status is Status.DEAD for e in seen.effects)
    way = "Try again under Failed, or reject." if waits else "It was given up: reject the request."
    return f"The account could not be changed. {why} {way}"
