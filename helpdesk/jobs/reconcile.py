"""Compares the register of licenses with the accounts that the directory has. Changes nothing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.directory.base import KnownAccount
from helpdesk.models.license import License
from helpdesk.models.person import Person
from helpdesk.transaction import release
from workflows.dates import in_words
from workflows.license import ACTIVE, HELD, LOCKED, WORKFLOW

OPEN = {ACTIVE, LOCKED}
"""Licenses whose account is to be open; a lock is something else than a closed account."""


class Kind(StrEnum):
    """In the order in which they are told."""

    ONLY_HERE = "Only in the register"
    ONLY_THERE = "Open in the directory, and in nobody’s name here"
    ACTIVE = "Open on one side only"
    NAME = "Another name"
    EMAIL = "Another email"
    EXPIRY = "Another end"


@dataclass(frozen=True)
class Difference:
    kind: Kind
    whose: str
    words: str


@dataclass(frozen=True)
class Registered:
    """A license that somebody holds. `username` None: nobody has given one yet."""

    username: str | None
    name: str
    email: str | None
    state: str
    until: date | None


def register(session: Session) -> list[Registered]:
    """Everybody who holds a license, whatever keeps them from using it."""
    query = (
        select(Person, License.state, License.expires_on)
        .join(License, License.person_id == Person.id)
        .where(License.state.in_(HELD))
        .order_by(Person.username, Person.id)
    )
    held = [
        Registered(person.username, person.name, person.email, state, until)
        for person, state, until in session.execute(query)
    ]
    release()  # to read the directory may take a while
    return held


def differences(here: Iterable[Registered], there: Iterable[KnownAccount]) -> list[Difference]:
    """By kind, then by user name."""
    accounts = {account.username: account for account in there}
    found: list[Difference] = []
    for row in here:
        account = accounts.pop(row.username, None) if row.username else None
        found += _compared(row, account) if account else [_missing(row)]
    found += [Difference(Kind.ONLY_THERE, account.username, account.name or "no name")
              for account in accounts.values() if account.active]  # fmt: skip
    kinds = list(Kind)
    return sorted(found, key=lambda each: (kinds.index(each.kind), each.whose))


def _missing(row: Registered) -> Difference:
    whose = row.username or "(no username)"
    return Difference(Kind.ONLY_HERE, whose, f"{row.name}, {_label(row.state)}")


def _compared(row: Registered, account: KnownAccount) -> Iterator[Difference]:
    whose = account.username
    if (row.state in OPEN) != account.active:
        there = "open" if account.active else "closed"
        yield Difference(Kind.ACTIVE, whose, f"{_label(row.state)} here, {there} there")
    if account.name is not None and _plain(account.name) != _plain(row.name):
        yield Difference(Kind.NAME, whose, f"“{row.name}” here, “{account.name}” there")
    if account.email is not None and _plain(account.email) != _plain(row.email or ""):
        yield Difference(Kind.EMAIL, whose, f"{row.email or 'none'} here, {account.email} there")
    if account.tells_end and account.until != row.until:
        yield Difference(Kind.EXPIRY, whose, f"{_day(row.until)} here, {_day(account.until)} there")


def _plain(text: str) -> str:
    """Neither case nor spaces make another name."""
    return " ".join(text.casefold().split())


def _label(state: str) -> str:
    return WORKFLOW.state(state).label


def _day(day: date | None) -> str:
    return in_words(day) if day else "none"
