"""What a move writes on its ticket besides the state, as the marks of the step say."""

from typing import Any

from helpdesk.actor import Actor
from helpdesk.extensions import now
from helpdesk.models.ticket import Ticket
from workflows.engine import Mark, Move, Needs
from workflows.facts import TicketFacts
from workflows.registry import ticket_type


def columns(
    ticket: Ticket, move: Move[TicketFacts], actor: Actor, data: dict[str, Any]
) -> dict[str, Any]:
    marks = move.step.marks
    state = ticket_type(ticket.type).workflow.states[move.dest]
    found: dict[str, Any] = {"updated_at": now(), "open": not state.final}
    attention = ticket.needs_attention
    if Mark.RAISE_ATTENTION in marks or Mark.CLEAR_ATTENTION in marks:
        attention = found["needs_attention"] = Mark.RAISE_ATTENTION in marks
    found["waits_on"] = _waits_on(ticket, move, attention)
    if Mark.ASSIGN_ACTOR in marks:
        found["assignee_id"] = actor.person_id
    if Mark.ASSIGN_NAMED in marks:
        found["assignee_id"] = data["assignee"]
    if marks & {Mark.AMEND, Mark.TAKE_DATES} and data.get("fields"):
        found["fields"] = {**ticket.fields, **data["fields"]}
    if Mark.AMEND in marks and actor.staff:
        found["entered_by_id"] = actor.person_id  # whoever amends it does not approve it
    return found


def _waits_on(ticket: Ticket, move: Move[TicketFacts], attention: bool) -> Needs:
    """A step that stays where it is leaves it with whom it was, unless it says otherwise."""
    if attention or Mark.WAIT_FOR_STAFF in move.step.marks:
        return Needs.STAFF
    if move.source == move.dest:
        return ticket.waits_on
    return ticket_type(ticket.type).workflow.states[move.dest].needs
