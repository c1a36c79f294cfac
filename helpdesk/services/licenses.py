"""The gateway of licenses: the facts and the state they show change together, here only."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.actor import Actor
from helpdesk.extensions import now, settings
from helpdesk.models.event import Event
from helpdesk.models.license import License, license_of
from helpdesk.models.person import Person
from helpdesk.models.role import admins_of, approvers
from helpdesk.outbox.owe import owe
from helpdesk.services import gateway
from helpdesk.services.directories import accounts_are_ours
from helpdesk.services.letters import license_letters
from helpdesk.transaction import transaction
from workflows.effects import Effect, Recipient
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
        columns = _columns(trigger, row, attempt.now, data or {})
        event = gateway.write(session, row, gateway.Change(move, actor, data or {}, columns))
        _owe_letters(session, event, row, move.step.effects)
        return row


def _owe_letters(
    session: Session, event: Event, row: License, effects: tuple[Effect, ...]
) -> None:
    if not effects:
        return
    readers = {
        Recipient.LICENSEE: [session.get_one(Person, row.person_id)],
        Recipient.ADMINS: admins_of(session, row.agency_id),
        Recipient.STAFF: approvers(session),
    }
    for debt in license_letters(event, row, readers, effects):
        owe(session, debt)


def state_of(session: Session, person_id: int) -> str:
    """The state of a person's license; `absent` for somebody who has none."""
    return session.scalar(select(License.state).where(License.person_id == person_id)) or ABSENT


def ensure(session: Session, person_id: int, agency_id: int | None) -> License:
    """The person's license; a blank one, in the state `absent`, where there was none."""
    row = license_of(session, person_id)
    if row is None:
        row = License(person_id=person_id, agency_id=agency_id)
        session.add(row)
        session.flush()
    return row


def _log_in_by(moment: datetime) -> datetime | None:
    """None where log-ins happen elsewhere: nobody is called missing whom the desk can't see."""
    return moment + settings().LOG_IN_WATCH if accounts_are_ours() else None


def _columns(trigger: str, row: License, moment: datetime, data: dict[str, Any]) -> dict[str, Any]:
    """The facts as moments. A fact that holds already keeps the moment at which it began."""
    until = date.fromisoformat(data["until"]) if data.get("until") else row.expires_on
    changes: dict[str, dict[str, Any]] = {
        "create": {
            "issued_at": moment,
            "deleted_at": None,
            "expires_on": until,
            "access_level": data.get("access_level") or row.access_level,
            "agency_id": data.get("agency_id") or row.agency_id,
        },
        "lock": {"locked_at": row.locked_at or moment},
        "unlock": {"locked_at": None},
        "inactivate": {"inactive_at": row.inactive_at or moment},
        "reactivate": {"inactive_at": None, "log_in_by": _log_in_by(moment)},
        "expire": {"expired_at": row.expired_at or moment},
        "extend": {"expired_at": None, "inactive_at": None, "expires_on": until},
        "suspend": {"suspended_at": row.suspended_at or moment},
        "lift": {"suspended_at": None},
        "delete": {"deleted_at": moment, "log_in_by": None},
        "note_deletion": {"deleted_at": moment, "log_in_by": None},
        "miss_log_in": {"log_in_by": None},
        "request": dict.fromkeys(("locked_at", "inactive_at", "expired_at", "issued_at")),
    }
    return changes.get(trigger, {})
