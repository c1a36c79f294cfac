"""HUD's `User.csv` into the register. A new row becomes a person with an unassigned license: no
agency, no username and no account, so HAND alone sees them and nobody can sign in.

Somebody whose row gives no name is called “HMIS user 27”, after the UserID, until a name is known.
"""

from datetime import timedelta
from pathlib import Path

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from helpdesk import links
from helpdesk.actor import Actor, Channel
from helpdesk.extensions import db, now
from helpdesk.models.license import License
from helpdesk.models.person import Person
from helpdesk.services import licenses
from helpdesk.services.gateway import Stale
from helpdesk.services.imports.known import BATCH
from helpdesk.services.imports.plan import Change, Plan, make_plan
from helpdesk.services.imports.user_file import read_users
from helpdesk.services.imports.user_rows import UserRow
from helpdesk.services.words import local
from helpdesk.transaction import transaction
from workflows.engine import Refused

A_DAY = timedelta(days=1)
IMPORT = Actor(None, "The import from the HMIS", Channel.COMMAND)


class Overtaken(Exception):
    """Somebody changed the same people meanwhile. Nothing was written."""


def import_users(path: Path, *, apply: bool = False) -> Plan:
    """The plan; with `apply` it is carried out, in one commit. Raises `CannotRead`, `Overtaken`."""
    file = read_users(path, local(now()).date() + A_DAY)  # it may be tomorrow elsewhere
    if not apply:
        return make_plan(db.session(), file)
    try:
        with transaction() as session:
            plan = make_plan(session, file)
            _carry_out(session, plan)
    except (IntegrityError, Stale, Refused):
        raise Overtaken("Somebody changed the same people meanwhile. Run it again.") from None
    return plan


def _carry_out(session: Session, plan: Plan) -> None:
    for start in range(0, len(plan.new), BATCH):
        _add(session, plan.new[start : start + BATCH])
    for change in plan.changed:
        _change(session, change)


def _add(session: Session, rows: list[UserRow]) -> None:
    people = [_person(row) for row in rows]
    session.add_all(people)
    session.flush()
    held = [License(person_id=person.id) for person in people]
    session.add_all(held)
    session.flush()
    for row, license_row in zip(rows, held, strict=True):
        licenses.act(license_row.id, "adopt", IMPORT)
        if row.deleted_on:
            _delete(license_row.id, row)


def _person(row: UserRow) -> Person:
    return Person(
        first_name=row.first_name,
        last_name=row.last_name if row.name else f"HMIS user {row.hmis_id}",
        email=row.email or None,
        phone=row.phone or None,
        hmis_id=row.hmis_id,
    )


def _change(session: Session, change: Change) -> None:
    person = session.get_one(Person, change.who.person_id)
    for column, value in change.values.items():
        setattr(person, column, value)
    if "email" in change.values:
        links.end_all(session, person.id)  # they were mailed to the old address
    session.flush()
    if change.deletes and change.who.license_id is not None:
        _delete(change.who.license_id, change.row)


def _delete(license_id: int, row: UserRow) -> None:
    said = {"deleted_on": row.deleted_on.isoformat()} if row.deleted_on else {}
    licenses.act(license_id, "note_deletion", IMPORT, said)
