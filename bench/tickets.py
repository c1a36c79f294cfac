"""Tickets with their histories, mails and documents, as if the desk had been at it for years."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bench.letters import effects_of
from bench.plans import Plan
from bench.rows import Row
from bench.ways import FIELDS, WORDS, Turn
from helpdesk.actor import THE_DESK, Channel
from helpdesk.documents.store import Stored
from helpdesk.services.clock import due_at
from workflows.engine import Mark, Needs
from workflows.guards import NEW_USER
from workflows.papers import KINDS
from workflows.registry import ticket_type


@dataclass
class Ledger:
    """Everything about some tickets, table by table."""

    tickets: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)
    effects: list[Row] = field(default_factory=list)
    documents: list[Row] = field(default_factory=list)


def write_down(plan: Plan, ledger: Ledger, paper: Stored) -> None:
    ledger.tickets.append(_ticket(plan))
    for version, turn in enumerate(plan.turns, 1):
        ledger.events.append(_event(plan, version, turn))
        ledger.effects.extend(effects_of(plan, version, turn))
    ledger.documents.extend(_documents(plan, paper))


def _ticket(plan: Plan) -> Row:
    kind, taken = ticket_type(plan.type), plan.turns
    state = kind.workflow.states[taken[-1].dest]
    path = [(plan.at(version), turn.dest) for version, turn in enumerate(taken, 1)]
    attention = Mark.RAISE_ATTENTION in taken[-1].step.marks
    return {
        "id": plan.id,
        "type": plan.type,
        "workflow_version": kind.workflow.version,
        "person_id": plan.about.id,
        "agency_id": plan.about.agency_id,
        "filer_id": plan.filer.id,
        "assignee_id": plan.assignee.id if "take" in plan.way else None,
        "channel": Channel.WEB,
        "fields": _fields(plan),
        "form_key": f"{plan.filer.id}:the-form-of-ticket-{plan.id}",
        "open": not state.final,
        "waits_on": Needs.STAFF if attention else state.needs,
        "needs_attention": attention,
        "due_at": due_at(kind, path) if state.clock_runs else None,
        "created_at": plan.began,
        "updated_at": plan.at(len(taken)),
    }


def _fields(plan: Plan) -> dict[str, Any]:
    if plan.type != NEW_USER:
        return FIELDS[plan.type]
    first, last = plan.about.name.split()
    address = f"person.{plan.about.id}@agency{plan.about.agency_id}.example"
    return FIELDS[NEW_USER] | {"first_name": first, "last_name": last, "email": address}


def _event(plan: Plan, version: int, turn: Turn) -> Row:
    actor = plan.actor(turn)
    return {
        "id": plan.first_event + version - 1,
        "ticket_id": plan.id,
        "license_id": None,
        "version": version,
        "trigger": turn.step.trigger,
        "from_state": turn.source,
        "to_state": turn.dest,
        "actor_id": actor.id if actor else None,
        "actor_name": actor.name if actor else THE_DESK.name,
        "channel": Channel.WEB if actor else THE_DESK.channel,
        "at": plan.at(version),
        "data": WORDS.get(turn.step.trigger, {}),
    }


def _documents(plan: Plan, paper: Stored) -> Iterator[Row]:
    """All name the one file that is really there."""
    for name in ticket_type(plan.type).papers:
        yield {
            "ticket_id": plan.id,
            "owner_id": plan.filer.id,
            "form_key": f"the-form-of-ticket-{plan.id}",
            "kind": KINDS[name].name,
            "name": f"{KINDS[name].label}.pdf",
            "content_type": "application/pdf",
            "size": paper.size,
            "sha256": paper.sha256,
            "created_at": plan.began,
        }
