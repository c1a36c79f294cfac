"""The gateway of licenses: the facts and the state they show change together, here only."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert

from helpdesk.actor import Actor
from helpdesk.extensions import now, settings
from helpdesk.models.agency import Agency
from helpdesk.models.event import Event
from helpdesk.models.license import License
from helpdesk.models.person import Person
from helpdesk.models.role import admins_of, approvers
from helpdesk.outbox.owe import owe
from helpdesk.services import farewell, gateway, roles, wanted
from helpdesk.services.license_columns import Told, columns_of, read_column
from helpdesk.services.license_letters import About, license_debts
from helpdesk.transaction import transaction
from workflows.effects import Effect, Mail, Recipient
from workflows.engine import Attempt, Mark
from workflows.license import ABSENT, WORKFLOW, LicenseFacts

FACTS = ("locked", "inactive", "expired", "suspended", "deleted")
NOT_TAKEN_BACK = {"id", "person_id", "state", "version"}


def act(license_id: int, trigger: str, actor: Actor, data: dict[str, Any] | None = None) -> License:
    """Takes one step in a license's life. Raises `Refused`, or `Stale` if it just changed."""
    with transaction() as session:
        return take(session, held(session, license_id), trigger, actor, data or {})


def take(
    session: Session,
    row: License,
    trigger: str,
    actor: Actor,
    data: dict[str, Any],
    *,
    full_there: bool = False,
) -> License:
    """The same for a license that is held already. `full_there`: the agency that it is to move to
    has none left for it. Raises `Refused`."""
    columns = columns_of(trigger, row, Told(now(), data))
    facts = replace(row.facts, full_there=full_there)
    return _step(session, row, _Try(trigger, actor, data, facts, columns))


def take_back(license_id: int, before: dict[str, Any], actor: Actor, data: dict[str, Any]) -> None:
    """As it was `before` an import took steps: columns by name, moments and days as ISO text.

    Raises `Refused` for a license that did not exist as one that is held, nor not at all.
    """
    names = {column.name for column in License.__table__.columns} - NOT_TAKEN_BACK
    columns = {name: read_column(name, before.get(name)) for name in names}
    facts = LicenseFacts(**{name: columns[f"{name}_at"] is not None for name in FACTS})
    trigger = "disown" if before.get("state", ABSENT) == ABSENT else "take_back"
    with transaction() as session:
        _step(session, held(session, license_id), _Try(trigger, actor, data, facts, columns))


def held(session: Session, license_id: int) -> License:
    """The license, locked until the commit and read anew."""
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
    agency_id = row.agency_id
    event = gateway.write(session, row, change)
    if event.version > 1:  # before the first step nothing can have been owed
        wanted.recall_unwanted(session, row.person_id)
    more = _end_what_ends(session, row, agency_id, move.step.marks)
    _owe(session, event, row, (*move.step.effects, *more))
    return row


def allowed(row: License, actor: Actor) -> set[str]:
    """The steps that the actor could take now, as far as it is known before a form is filled in."""
    options = WORKFLOW.options(row.state, _attempt(row, actor, row.facts, {}))
    return {option.step.trigger for option in options if option.allowed}


def _attempt(
    row: License, actor: Actor, facts: LicenseFacts, data: dict[str, Any]
) -> Attempt[LicenseFacts]:
    parties = actor.parties(row.agency_id, row.person_id)
    own = actor.person_id == row.person_id
    return Attempt(parties=parties, now=now(), facts=replace(facts, own=own), data=data)


def _end_what_ends(
    session: Session, row: License, agency_id: int | None, marks: frozenset[Mark]
) -> tuple[Effect, ...]:
    """What else follows from it at the agency whose license it was: HAND is told of one that is
    left without an admin."""
    if Mark.SIGN_OUT in marks:
        farewell.sign_out(session, row.person_id)
    if Mark.FORGET_SECRETS in marks:
        farewell.forget_secrets(session, row.person_id)
    if Mark.END_ROLES not in marks or agency_id is None:
        return ()
    if not roles.end_at(session, row.person_id, agency_id):
        return ()
    return () if admins_of(session, agency_id) else (Mail("forsaken", Recipient.STAFF),)


def _owe(session: Session, event: Event, row: License, effects: tuple[Effect, ...]) -> None:
    if not effects:
        return
    about = About(session.get_one(Person, row.person_id), session.get(Agency, row.agency_id or 0))
    named = {effect.to for effect in effects if isinstance(effect, Mail)}
    readers = {to: READERS[to](session, row, event.data) for to in named}
    owe(session, *license_debts(event, row, about, readers, effects))


READERS: dict[Recipient, Callable[[Session, License, dict[str, Any]], list[Person]]] = {
    Recipient.LICENSEE: lambda session, row, _told: [session.get_one(Person, row.person_id)],
    Recipient.ADMINS: lambda session, row, _told: admins_of(session, row.agency_id),
    Recipient.FORMER_ADMINS: lambda session, _row, told: admins_of(session, told.get("from_id")),
    Recipient.NEW_ADMINS: lambda session, _row, told: admins_of(session, told.get("agency_id")),
    Recipient.STAFF: lambda session, _row, _told: approvers(session),
}
"""What a step told says which agencies it is between."""


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
