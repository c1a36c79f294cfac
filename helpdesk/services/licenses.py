"""The gateway of licenses: the facts and the state they show change together, here only."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Date, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert

from helpdesk import links
from helpdesk.actor import Actor
from helpdesk.extensions import UtcDateTime, now, settings
from helpdesk.models.agency import Agency
from helpdesk.models.event import Event
from helpdesk.models.license import License
from helpdesk.models.person import Person
from helpdesk.models.role import admins_of, approvers
from helpdesk.outbox.owe import owe
from helpdesk.services import gateway, roles, sessions
from helpdesk.services.directories import accounts_are_ours
from helpdesk.services.license_letters import About, license_debts
from helpdesk.services.words import local
from helpdesk.transaction import transaction
from workflows.effects import Effect, Mail, Recipient
from workflows.engine import Attempt, Mark
from workflows.license import ABSENT, MOVE, WORKFLOW, LicenseFacts

FACTS = ("locked", "inactive", "expired", "suspended", "deleted")
NOT_TAKEN_BACK = {"id", "person_id", "state", "version"}
FROM_OUTSIDE = ("agency_id", "access_level", "last_login_at", "expires_on")
"""What the HMIS may tell of a license."""


def act(license_id: int, trigger: str, actor: Actor, data: dict[str, Any] | None = None) -> License:
    """Takes one step in a license's life. Raises `Refused`, or `Stale` if it just changed."""
    with transaction() as session:
        return take(session, _locked(session, license_id), trigger, actor, data or {})


def take(
    session: Session, row: License, trigger: str, actor: Actor, data: dict[str, Any]
) -> License:
    """The same for a license that is held already. Raises `Refused`."""
    columns = _columns(trigger, row, now(), data)
    return _step(session, row, _Try(trigger, actor, data, row.facts, columns))


def take_back(license_id: int, before: dict[str, Any], actor: Actor, data: dict[str, Any]) -> None:
    """As it was `before` an import took steps: columns by name, moments and days as ISO text.

    Raises `Refused` for a license that did not exist as one that is held, nor not at all.
    """
    names = {column.name for column in License.__table__.columns} - NOT_TAKEN_BACK
    columns = {name: _read(name, before.get(name)) for name in names}
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
    attempt = _attempt(row, tried.actor, tried.facts, tried.data)
    move = WORKFLOW.fire(row.state, tried.trigger, attempt)
    change = gateway.Change(move, tried.actor, tried.data, tried.columns)
    event = gateway.write(session, row, change)
    more = _end_what_ends(session, row, move.step.marks)
    _owe(session, event, row, (*move.step.effects, *more))
    return row


def _read(column: str, told: Any) -> Any:
    """A value of a column out of JSON."""
    kind = License.__table__.columns[column].type
    if told is None or not isinstance(kind, Date | UtcDateTime):
        return told
    return (date if isinstance(kind, Date) else datetime).fromisoformat(told)


def allowed(row: License, actor: Actor) -> set[str]:
    """The steps that the actor could take now, as far as it is known before a form is filled in."""
    options = WORKFLOW.options(row.state, _attempt(row, actor, row.facts, {}))
    return {option.step.trigger for option in options if option.allowed}


def _attempt(
    row: License, actor: Actor, facts: LicenseFacts, data: dict[str, Any]
) -> Attempt[LicenseFacts]:
    parties = actor.parties(row.agency_id, row.person_id)
    return Attempt(parties=parties, now=now(), facts=facts, data=data)


def _end_what_ends(session: Session, row: License, marks: frozenset[Mark]) -> tuple[Effect, ...]:
    """What else follows from it: HAND is told of an agency that is left without an admin."""
    if Mark.SIGN_OUT in marks:
        sessions.end_all(session, row.person_id)
        links.end_all(session, row.person_id)
    if Mark.END_ROLES not in marks or row.agency_id is None:
        return ()
    if not roles.end_at(session, row.person_id, row.agency_id):
        return ()
    return () if admins_of(session, row.agency_id) else (Mail("forsaken", Recipient.STAFF),)


def _owe(session: Session, event: Event, row: License, effects: tuple[Effect, ...]) -> None:
    if not effects:
        return
    about = About(session.get_one(Person, row.person_id), session.get(Agency, row.agency_id or 0))
    wanted = {effect.to for effect in effects if isinstance(effect, Mail)}
    readers = {to: READERS[to](session, row) for to in wanted}
    owe(session, *license_debts(event, row, about, readers, effects))


READERS: dict[Recipient, Callable[[Session, License], list[Person]]] = {
    Recipient.LICENSEE: lambda session, row: [session.get_one(Person, row.person_id)],
    Recipient.ADMINS: lambda session, row: admins_of(session, row.agency_id),
    Recipient.STAFF: lambda session, _row: approvers(session),
}


def state_of(session: Session, person_id: int) -> str:
    """The state of a person's license; `absent` for somebody who has none."""
    return session.scalar(select(License.state).where(License.person_id == person_id)) or ABSENT


def ensure(session: Session, person_id: int, agency_id: int | None) -> License:
    """The person's license, held until the commit; a blank one, in the state `absent`, where there
    was none."""
    values = {"person": person_id, "agency": agency_id}
    return session.scalars(_held(settings().on_postgresql), values).one()


@cache
def _held(on_postgresql: bool) -> ReturningInsert[License]:
    """Made once: each ticket that is opened asks for it."""
    insert = postgresql.insert if on_postgresql else sqlite.insert
    blank = insert(License).values(person_id=bindparam("person"), agency_id=bindparam("agency"))
    unchanged = {"person_id": blank.excluded.person_id}
    held = blank.on_conflict_do_update(index_elements=[License.person_id], set_=unchanged)
    return held.returning(License).execution_options(populate_existing=True)


def _log_in_by(moment: datetime) -> datetime | None:
    """None where log-ins happen elsewhere: nobody is called missing whom the desk can't see."""
    return moment + settings().LOG_IN_WATCH if accounts_are_ours() else None


PRESENT = ("departed_on", "departed_at", "on_leave_since", "leave_until", "return_told_for")
"""What is over once somebody is back."""

PLANNED = ("departs_on", "leave_from", "leave_until")
"""What was reported for a day to come. It ends with the license, and with the agency whose report
it was."""


def _columns(trigger: str, row: License, moment: datetime, data: dict[str, Any]) -> dict[str, Any]:
    """The facts as moments. A fact that holds already keeps the moment at which it began."""
    until, on, back_on = (_day(data, name) for name in ("until", "on", "back_on"))
    until = until or row.expires_on
    here = dict.fromkeys(PRESENT)
    gone = here | dict.fromkeys((*PLANNED, "log_in_by"))
    if row.leave_from is not None:
        del here["leave_until"]  # of a leave that is yet to begin
    planned_no_more = dict.fromkeys(PLANNED)
    begins = {"idle_from": moment}
    changes: dict[str, dict[str, Any]] = {
        "create": {
            "issued_at": moment,
            "deleted_at": None,
            "expires_on": until,
            "access_level": data.get("access_level") or row.access_level,
            "agency_id": data.get("agency_id") or row.agency_id,
            **begins,
            **gone,
        },
        "adopt": _from_outside(row, data),
        "note_roster": _from_outside(row, data),
        "note_renewal": {"expired_at": None},
        "note_inactive": {"inactive_at": row.inactive_at or moment},
        "note_lock": {"locked_at": row.locked_at or moment},
        "lock": {"locked_at": row.locked_at or moment},
        "unlock": {"locked_at": None, **begins},
        "inactivate": {"inactive_at": row.inactive_at or moment},
        "reactivate": {"inactive_at": None, "log_in_by": _log_in_by(moment), **begins, **here},
        "expire": {"expired_at": row.expired_at or moment},
        "extend": {
            "expired_at": None,
            "inactive_at": None,
            "expires_on": until,
            **begins,
            **here,
        },
        "remind": {"reminded_for": until, "reminded_days": data.get("days")},
        "notice_idle": {"idle_noticed_at": moment},
        "suspend": {"suspended_at": row.suspended_at or moment},
        "lift": {"suspended_at": None},
        "delete": {"deleted_at": moment, "log_in_by": None, **planned_no_more},
        "note_deletion": {"deleted_at": moment, "log_in_by": None, **planned_no_more},
        "miss_log_in": {"log_in_by": None},
        MOVE: {"agency_id": data.get("agency_id"), **planned_no_more},
        "plan_departure": {"departs_on": on},
        "cancel_departure": {"departs_on": None},
        "depart": {
            "inactive_at": row.inactive_at or moment,
            **gone,
            "departed_on": on,
            "departed_at": moment,
        },
        "plan_leave": {"leave_from": on, "leave_until": back_on},
        "cancel_leave": {"leave_from": None, "leave_until": None},
        "take_leave": {
            "inactive_at": row.inactive_at or moment,
            "leave_from": None,
            "on_leave_since": on,
            "leave_until": back_on,
            "log_in_by": None,
        },
        "end_leave": {"return_told_for": row.leave_until},
        "request": dict.fromkeys(("locked_at", "inactive_at", "expired_at", "issued_at")),
    }
    return changes.get(trigger, {})


def _day(data: dict[str, Any], name: str) -> date | None:
    return date.fromisoformat(data[name]) if data.get(name) else None


def _from_outside(row: License, data: dict[str, Any]) -> dict[str, Any]:
    told = {name: _read(name, data[name]) for name in FROM_OUTSIDE if name in data}
    seen = told.get("last_login_at")
    if seen and _was_expected(row, seen):
        told["log_in_by"] = None
    if told.get("agency_id", row.agency_id) != row.agency_id:
        told |= dict.fromkeys(PLANNED)
    return told


def _was_expected(row: License, seen: datetime) -> bool:
    """Whether this is the log-in that a reactivation waits for; of some only the day is told."""
    if row.log_in_by is None:
        return False
    return local(seen).date() >= local(row.log_in_by - settings().LOG_IN_WATCH).date()
