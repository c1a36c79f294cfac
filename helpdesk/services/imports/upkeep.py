"""What every import does to the rows of a person, noting each in the ledger."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.actor import Actor
from helpdesk.models.account import Account
from helpdesk.models.license import License
from helpdesk.models.person import Person
from helpdesk.services import corrections, licenses
from helpdesk.services.corrections import OnFile, on_file
from helpdesk.services.directories import accounts_are_ours
from helpdesk.services.imports.ledger import Ledger, Snapshot, snapshot
from workflows.license import ACTIVE, LOCKED

Step = tuple[str, Mapping[str, Any]]
"""What happens to a license, and what its event tells besides."""


def change_person(ledger: Ledger, person_id: int, values: Mapping[str, str]) -> None:
    """A new name or email is a correction like any other."""
    person = corrections.held(ledger.session, person_id)
    before = snapshot(person)
    set_person(ledger.session, person, before | dict(values), ledger.actor)
    ledger.note(person, before)


def set_person(
    session: Session, person: Person, values: Snapshot, actor: Actor, reason: str = ""
) -> None:
    """All of the columns of which an import takes note. The person is held."""
    told = OnFile(values["first_name"], values["last_name"], values["email"])
    if told != on_file(person):
        corrections.put_right(session, person, told, actor, reason)
    for column, value in values.items():
        setattr(person, column, value)
    session.flush()


def begin_license(ledger: Ledger, license_id: int, *steps: Step) -> None:
    """Of a row that was just made."""
    ledger.note(_take(ledger, license_id, steps))


def change_license(ledger: Ledger, license_id: int, *steps: Step) -> None:
    row = ledger.session.get_one(License, license_id, populate_existing=True)
    before = snapshot(row)
    ledger.note(_take(ledger, license_id, steps), before)


def _take(ledger: Ledger, license_id: int, steps: tuple[Step, ...]) -> License:
    for trigger, told in steps:
        licenses.act(license_id, trigger, ledger.actor, {**ledger.said, **told})
    return ledger.session.get_one(License, license_id)


def tend_account(ledger: Ledger, person: Person, row: License) -> None:
    """Where the accounts are the desk's own, whoever has a username and an agency has one: without
    a password, until the owner sets it by a link."""
    if not accounts_are_ours() or person.username is None or row.agency_id is None:
        return
    mine = select(Account).where(Account.person_id == person.id)
    account = ledger.session.scalar(mine)
    before = snapshot(account) if account else None
    account = account or Account(person_id=person.id)
    account.hmis_access, account.hmis_until = row.state in {ACTIVE, LOCKED}, row.expires_on
    ledger.session.add(account)
    ledger.session.flush()
    if before != snapshot(account):
        ledger.note(account, before)
