"""The gateway of licenses: the facts and the state they show change together, here only."""

from collections.abc import Callable
from dataclasses import dataclass
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
from helpdesk.services.license_letters import license_letters
from helpdesk.transaction import transaction
from workflows.effects import Effect, Mail, Recipient
from workflows.engine import Attempt
from workflows.license import ABSENT, MOVE, WORKFLOW, LicenseFacts

FACTS = ("locked", "inactive", "expired", "suspended", "deleted")
TAKEN_BACK = ("agency_id", "access_level", "issued_at", *(f"{name}_at" for name in FACTS),
              "last_login_at", "log_in_by", "expires_on")  # fmt: skip
"""What an import may have changed of a license."""


def act(license_id: int, trigger: str, actor: Actor, data: dict[str, Any] | None = None) -> License:
    """Takes one step in a license's life. Raises `Refused`, or `Stale` if it just changed."""
    with transaction() as session:
        row = _locked(session, license_id)
        columns = _columns(trigger, row, now(), data or {})
        return _step(session, row, _Try(trigger, actor, data or {}, row.facts, columns))


def take_back(license_id: int, before: dict[str, Any], actor: Actor, data: dict[str, Any]) -> None:
    """As it was `before` an import took steps: columns by name, moments and days as ISO text.

    Raises `Refused` for a license that did not exist as one that is held, nor not at all.
    """
    columns = {name: _moment(name, before.get(name)) for name in TAKEN_BACK}
    facts = LicenseFacts(**{name: columns[f"{name}_at"] is not None for name in FACTS})
    trigger = "disown" if before.get("state", ABSENT) == ABSENT else "take_back"
    with transaction() as session:
        _step(session, _locked(session, license_id), _Try(trigger, actor, data, facts, columns))


def _locked(session: Session, license_id: int) -> License:
    query = select(License).where(License.id == license_id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one()


@dataclass(frozen=True)
class _Try:
    """A step about to be tried: the facts it is judged by, and what it writes besides."""

    trigger: str
    actor: Actor
    data: dict[str, Any]
    facts: LicenseFacts
    columns: dict[str, Any]


def _step(session: Session, row: License, tried: _Try) -> License:
    attempt = Attempt(
        parties=tried.actor.parties(row.agency_id, row.person_id),
        now=now(),
        facts=tried.facts,
        data=tried.data,
    )
    move = WORKFLOW.fire(row.state, tried.trigger, attempt)
    change = gateway.Change(move, tried.actor, tried.data, tried.columns)
    event = gateway.write(session, row, change)
    _owe_letters(session, event, row, move.step.effects)
    return row


def _moment(column: str, text: Any) -> Any:
    if text is None or column in {"agency_id", "access_level"}:
        return text
    return date.fromisoformat(text) if column == "expires_on" else datetime.fromisoformat(text)


def _owe_letters(
    session: Session, event: Event, row: License, effects: tuple[Effect, ...]
) -> None:
    mails = [effect for effect in effects if isinstance(effect, Mail)]
    if not mails:
        return
    licensee = session.get_one(Person, row.person_id)
    readers = {to: READERS[to](session, row) for to in {mail.to for mail in mails}}
    for debt in license_letters(event, row, licensee, readers, mails):
        owe(session, debt)


READERS: dict[Recipient, Callable[[Session, License], list[Person]]] = {
    Recipient.LICENSEE: lambda session, row: [session.get_one(Person, row.person_id)],
    Recipient.ADMINS: lambda session, row: admins_of(session, row.agency_id),
    Recipient.STAFF: lambda session, _row: approvers(session),
}


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
    begins = {"idle_from": moment}
    changes: dict[str, dict[str, Any]] = {
        "create": {
            "issued_at": moment,
            "deleted_at": None,
            "expires_on": until,
            "access_level": data.get("access_level") or row.access_level,
            "agency_id": data.get("agency_id") or row.agency_id,
            **begins,
        },
        "lock": {"locked_at": row.locked_at or moment},
        "unlock": {"locked_at": None, **begins},
        "inactivate": {"inactive_at": row.inactive_at or moment},
        "reactivate": {"inactive_at": None, "log_in_by": _log_in_by(moment), **begins},
        "expire": {"expired_at": row.expired_at or moment},
        "extend": {"expired_at": None, "inactive_at": None, "expires_on": until, **begins},
        "remind": {"reminded_for": until, "reminded_days": data.get("days")},
        "notice_idle": {"idle_noticed_at": moment},
        "suspend": {"suspended_at": row.suspended_at or moment},
        "lift": {"suspended_at": None},
        "delete": {"deleted_at": moment, "log_in_by": None},
        "note_deletion": {"deleted_at": moment, "log_in_by": None},
        "miss_log_in": {"log_in_by": None},
        MOVE: {"agency_id": data.get("agency_id")},
        "request": dict.fromkeys(("locked_at", "inactive_at", "expired_at", "issued_at")),
    }
    return changes.get(trigger, {})
