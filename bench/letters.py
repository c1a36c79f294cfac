"""What filled tickets have owed: all performed, but what an open one still waits for."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from bench.plans import Plan
from bench.rows import Row
from bench.ways import Turn
from helpdesk.models.effect import Kind, Status
from helpdesk.models.ticket import number_of
from workflows.common import APPROVED, BEING_SET_UP
from workflows.effects import AccountAction, Mail, Recipient
from workflows.registry import ticket_type

NOT_SOON = timedelta(days=10)
"""The next try of an account action is so far away that no worker takes it up meanwhile."""


def effects_of(plan: Plan, version: int, turn: Turn) -> Iterator[Row]:
    for place, effect in enumerate(turn.step.effects):
        key = f"ticket:{plan.id}:{version}:{place}"
        if isinstance(effect, AccountAction):
            yield _action(plan, version, key, effect)
        elif isinstance(effect, Mail):
            yield _mail(plan, version, key, effect)


def _mail(plan: Plan, version: int, key: str, mail: Mail) -> Row:
    to = {Recipient.LICENSEE: plan.about, Recipient.FILER: plan.filer}.get(mail.to, plan.assignee)
    says = {
        "ticket_number": number_of(plan.id),
        "ticket_path": f"/tickets/{plan.id}",
        "type_label": ticket_type(plan.type).label,
        "person_name": plan.about.name,
        "recipient": mail.to,
        "recipient_name": to.name,
    }
    payload = {"folders": [f"{plan.type}/{mail.name}", f"ticket/{mail.name}"], "link": mail.link,
               "says": says, "thread": f"ticket-{plan.id}"}  # fmt: skip
    return _row(plan, version, key) | {
        "kind": Kind.MAIL,
        "lane": f"mail:{plan.id}:{to.id}",
        "person_id": to.id,
        "payload": payload,
    }


def _action(plan: Plan, version: int, key: str, effect: AccountAction) -> Row:
    row = _row(plan, version, key) | {
        "kind": Kind.ACCOUNT,
        "lane": f"license:{plan.about.id}",
        "person_id": plan.about.id,
        "payload": {"action": effect.action, "terms": {}},
    }
    state = plan.turns[-1].dest
    if plan.way[-1] == "provisioning_failed":
        return row | {"status": Status.DEAD, "error": "There is no account of that name."}
    if state in {APPROVED, BEING_SET_UP}:
        waits: dict[str, Any] = {"status": Status.DUE, "settled_at": None}
        return row | waits | {"due_at": plan.at(len(plan.way)) + NOT_SOON}
    return row


def _row(plan: Plan, version: int, key: str) -> Row:
    moment = plan.at(version)
    return {
        "key": key,
        "event_id": plan.first_event + version - 1,
        "ticket_id": plan.id,
        "status": Status.DONE,
        "attempts": 1,
        "allowed_attempts": 12,
        "due_at": moment,
        "created_at": moment,
        "settled_at": moment,
        "error": None,
    }
