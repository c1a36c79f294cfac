"""The gateway of licenses: the facts and the state they show change together, here only."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.actor import Actor
from helpdesk.extensions import now
from helpdesk.models.license import License
from helpdesk.models.person import Person
from helpdesk.outbox.owe import owe
from helpdesk.services import gateway
from helpdesk.services.letters import license_letters
from helpdesk.transaction import transaction
from workflows.engine import Attempt
from workflows.license import ABSENT, WORKFLOW


def act(license_id: int, trigger: str, actor: Actor, data: dict[str, Any] | None = None) -> License:
    """Takes one step in a license's life. Raises `Refused`, or `Stale` if it just changed."""
    with transaction() as session:
        query = select(License).where(License.id == license_id).with_for_update()
        row = session.scalars(query.execution_options(populate_existing=True)).one()
        attempt = Attempt(
            parties=actor.parties(row.agency_id, row.person_id),
            now=now(),
            facts=row.facts,
            data=data or {},
        )
        move = WORKFLOW.fire(row.state, trigger, attempt)
        columns = _columns(trigger, row, attempt.now)
        event = gateway.write(session, row, gateway.Change(move, actor, data or {}, columns))
        person = session.get_one(Person, row.person_id)
        for debt in license_letters(event, row, person, move.step.effects):
            owe(session, debt)
        return row


def state_of(session: Session, person_id: int) -> str:
    """The state of a person's license; `absent` for somebody who has none."""
    return session.scalar(select(License.state).where(License.person_id == person_id)) or ABSENT


def _columns(trigger: str, row: License, moment: datetime) -> dict[str, Any]:
    """The facts as moments. A fact that holds already keeps the moment at which it began."""
    changes: dict[str, dict[str, Any]] = {
        "create": {"issued_at": moment, "deleted_at": None},
        "lock": {"locked_at": row.locked_at or moment},
        "unlock": {"locked_at": None},
        "inactivate": {"inactive_at": row.inactive_at or moment},
        "reactivate": {"inactive_at": None},
        "expire": {"expired_at": row.expired_at or moment},
        "extend": {"expired_at": None, "inactive_at": None},
        "suspend": {"suspended_at": row.suspended_at or moment},
        "lift": {"suspended_at": None},
        "delete": {"deleted_at": moment},
        "note_deletion": {"deleted_at": moment},
        "request": dict.fromkeys(
            ("locked_at", "inactive_at", "expired_at", "suspended_at", "issued_at")
        ),
    }
    return changes.get(trigger, {})


