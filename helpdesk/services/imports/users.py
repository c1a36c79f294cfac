"""HUD's `User.csv` into the register. A new row becomes a person with an unassigned license: no
agency, no username and no account, so HAND alone sees them and nobody can sign in.

Somebody whose row gives no name is called “HMIS user 27”, after the UserID, until a name is known.
"""

from datetime import timedelta

from sqlalchemy.orm import Session

from helpdesk.extensions import now
from helpdesk.models.import_run import ImportRun
from helpdesk.models.license import License
from helpdesk.models.person import Person
from helpdesk.services.imports.known import BATCH
from helpdesk.services.imports.ledger import Ledger
from helpdesk.services.imports.plan import Change, Plan, make_plan
from helpdesk.services.imports.sources import Source
from helpdesk.services.imports.upkeep import Step, begin_license, change_license, change_person
from helpdesk.services.imports.user_file import UserFile, read_users
from helpdesk.services.imports.user_rows import UserRow
from helpdesk.services.words import local

A_DAY = timedelta(days=1)


def read(source: Source, _run: ImportRun) -> UserFile:
    """Raises `CannotRead`."""
    return read_users(source, local(now()).date() + A_DAY)  # it may be tomorrow elsewhere


def plan(session: Session, file: UserFile) -> Plan:
    return make_plan(session, file)


def carry_out(ledger: Ledger, plan: Plan) -> None:
    for start in range(0, len(plan.new), BATCH):
        _add(ledger, plan.new[start : start + BATCH])
    for change in plan.changed:
        _change(ledger, change)


def _add(ledger: Ledger, rows: list[UserRow]) -> None:
    session = ledger.session
    people = [_person(row) for row in rows]
    session.add_all(people)
    session.flush()
    held = [License(person_id=person.id) for person in people]
    session.add_all(held)
    session.flush()
    for row, person, license_row in zip(rows, people, held, strict=True):
        ledger.note(person)
        begin_license(ledger, license_row.id, ("adopt", {}), *_deletion(row))


def _person(row: UserRow) -> Person:
    return Person(
        first_name=row.first_name,
        last_name=row.last_name if row.name else f"HMIS user {row.hmis_id}",
        email=row.email or None,
        phone=row.phone or None,
        hmis_id=row.hmis_id,
    )


def _change(ledger: Ledger, change: Change) -> None:
    if change.values:
        change_person(ledger, change.who.person_id, change.values)
    if change.deletes and change.who.license_id is not None:
        change_license(ledger, change.who.license_id, *_deletion(change.row))


def _deletion(row: UserRow) -> list[Step]:
    if row.deleted_on is None:
        return []
    return [("note_deletion", {"deleted_on": row.deleted_on.isoformat()})]
