"""What a correction owes: the change of the account, and notices to the address as it was and to
the address as it is.

Each address is fixed with the words: a mail that leaves late goes where it was meant to go.
"""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.models.correction import Correction
from helpdesk.models.effect import Effect, Kind, is_unsettled
from helpdesk.models.license import License
from helpdesk.models.person import Person, full_name
from helpdesk.models.role import admins_of
from helpdesk.outbox.owe import Debt, account_lane
from helpdesk.services import invitations, licenses
from helpdesk.services.directories import accounts_are_ours
from helpdesk.services.letters import addressed, personal_letter
from helpdesk.services.words import moment_in_words
from workflows.effects import Action, Recipient
from workflows.license import HELD


def account_debts(session: Session, person: Person, row: Correction) -> Iterator[Debt]:
    """It tells what is on file when it is done: of two corrections, the second says it all."""
    if _has_account(session, person):
        payload = {"action": Action.CORRECT, "terms": {}}
        lane = account_lane(person.id)
        yield Debt(f"{_key(row)}:account", Kind.ACCOUNT, lane, person.id, payload)


def _has_account(session: Session, person: Person) -> bool:
    """Whether the directory has one, once it has done what it is to do."""
    mine = Effect.lane == account_lane(person.id)
    under_way = session.scalars(select(Effect.payload).where(mine, is_unsettled(Effect)))
    to_do = {payload["action"] for payload in under_way}
    if to_do & {Action.CREATE, Action.DELETE}:
        return Action.DELETE not in to_do
    if person.username is None or licenses.state_of(session, person.id) not in HELD:
        return False
    return not accounts_are_ours() or invitations.account_of(session, person.id) is not None


def notices(session: Session, person: Person, row: Correction) -> Iterator[Debt]:
    """One mail to each address, and one alone where it stays the same. If there is none any more,
    the agency's admins are told: they are the way to this person from now on."""
    old, new = row.before["email"], row.after["email"]
    key, says = _key(row), _words(row)
    if old and row.moves:
        letter = personal_letter(f"{key}:old", "account/address_left", person, says=says)
        yield addressed(letter, _name(row.before), old)
    if new:
        letter = personal_letter(f"{key}:new", "account/corrected", person, says=says)
        yield addressed(letter, _name(row.after), new)
    if new is None and old:
        for admin in _admins(session, person.id):
            yield personal_letter(f"{key}:{admin.id}", "account/address_gone", admin,
                                  says=says | {"recipient": Recipient.ADMINS})  # fmt: skip


def _key(row: Correction) -> str:
    return f"corrected:{row.person_id}:{row.version}"


def _words(row: Correction) -> dict[str, object]:
    return {
        "person_name": _name(row.after),
        "name_before": _name(row.before) if row.renames else None,
        "address_is_new": row.moves,
        "actor_name": row.actor_name,
        "when_words": moment_in_words(row.at),
    }


def _name(side: dict[str, str]) -> str:
    return full_name(side["first_name"], side["last_name"])


def _admins(session: Session, person_id: int) -> list[Person]:
    agency = session.scalar(select(License.agency_id).where(License.person_id == person_id))
    return [admin for admin in admins_of(session, agency) if admin.email and admin.id != person_id]
