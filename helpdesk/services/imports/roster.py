"""A roster into the register: it completes whom `User.csv` has brought, brings whom nobody here
knows, and takes over agency, access level, last log-in and expiry."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert
from sqlalchemy.orm import Session

from helpdesk.extensions import now, settings
from helpdesk.models.agency import Agency
from helpdesk.models.import_run import ImportRun, LogInTold
from helpdesk.models.license import License
from helpdesk.models.person import Person
from helpdesk.services import roles
from helpdesk.services.facts import today
from helpdesk.services.imports.columns import Layout
from helpdesk.services.imports.ledger import ROLES_ENDED, Ledger
from helpdesk.services.imports.members import BATCH, Member
from helpdesk.services.imports.roster_file import RosterFile, read_roster
from helpdesk.services.imports.roster_license import LicenseChange
from helpdesk.services.imports.roster_plan import Change, RosterPlan, make_plan
from helpdesk.services.imports.roster_rows import RosterRow
from helpdesk.services.imports.sources import Source
from helpdesk.services.imports.upkeep import (
    Step,
    begin_license,
    change_license,
    change_person,
    tend_account,
)
from helpdesk.services.transfers import from_to
from workflows.license import MOVE

A_DAY = timedelta(days=1)


def read(source: Source, run: ImportRun) -> RosterFile:
    """Raises `CannotRead`."""
    day_begins = datetime.combine(run.as_of, time(), ZoneInfo(settings().TIMEZONE))
    return read_roster(source, Layout.from_json(run.layout or {}), now() + A_DAY, day_begins)


def plan(session: Session, file: RosterFile) -> RosterPlan:
    return make_plan(session, file)


def carry_out(ledger: Ledger, plan: RosterPlan) -> None:
    told: set[int] = set()
    for start in range(0, len(plan.new), BATCH):
        told |= _add(ledger, plan.new[start : start + BATCH])
    for change in plan.changed:
        license_id = _change(ledger, change)
        if change.row.last_login is not None and license_id is not None:
            told.add(license_id)
    told |= {each.who.license_id for each in plan.unchanged
             if each.row.last_login is not None and each.who and each.who.license_id}  # fmt: skip
    if told:
        rows = [{"run_id": ledger.run.id, "license_id": license_id} for license_id in told]
        ledger.session.execute(insert(LogInTold), rows)


def _add(ledger: Ledger, changes: list[Change]) -> set[int]:
    """The licenses of which a log-in is told."""
    session = ledger.session
    people = [_person(change.row) for change in changes]
    session.add_all(people)
    session.flush()
    held = [License(person_id=person.id) for person in people]
    session.add_all(held)
    session.flush()
    for change, person, row in zip(changes, people, held, strict=True):
        ledger.note(person)
        begin_license(ledger, row.id, *_steps(ledger, change.license, None))
        tend_account(ledger, person, row)
    rows = zip(changes, held, strict=True)
    return {row.id for change, row in rows if change.row.last_login is not None}


def _person(row: RosterRow) -> Person:
    return Person(
        username=row.username or None,
        first_name=row.first_name,
        last_name=row.last_name,
        email=row.email or None,
    )


def _change(ledger: Ledger, change: Change) -> int | None:
    """The license, if there is one by now."""
    session, who = ledger.session, change.who
    assert who is not None, "whoever is changed is known"
    if change.person:
        change_person(ledger, who.person_id, change.person)
    license_id = who.license_id
    if change.license:
        license_id = _change_license(ledger, who, change.license)
    if license_id is not None:
        person = session.get_one(Person, who.person_id)
        tend_account(ledger, person, session.get_one(License, license_id))
    return license_id


def _change_license(ledger: Ledger, who: Member, change: LicenseChange) -> int:
    steps = _steps(ledger, change, who)
    if who.license_id is not None:
        change_license(ledger, who.license_id, *steps)
        return who.license_id
    row = License(person_id=who.person_id)
    ledger.session.add(row)
    ledger.session.flush()
    begin_license(ledger, row.id, *steps)
    return row.id


def _steps(ledger: Ledger, change: LicenseChange, who: Member | None) -> list[Step]:
    """It moves as it does by hand, but for the seats: in the HMIS it is there already."""
    told = {column: _plain(value) for column, value in change.values.items()}
    others: list[Step] = [(trigger, {}) for trigger in change.steps]
    if change.adopts:
        return [("adopt", told), *others]
    to = told.pop("agency_id", None)
    moves = [(MOVE, _move(ledger.session, who, to))] if who and to else []
    return [*moves, *([("note_roster", told)] if told else []), *others]


def _move(session: Session, who: Member, to: int) -> dict[str, Any]:
    """With it, whether roles end: the undo of the import does not bring them back."""
    before, after = (session.get(Agency, number or 0) for number in (who.agency_id, to))
    ends = before is not None and roles.any_at(session, who.person_id, before.id)
    told = {ROLES_ENDED: True} if ends else {}
    return {"on": today().isoformat(), **from_to(before, after), **told}


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
