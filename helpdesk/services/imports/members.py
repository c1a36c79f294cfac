"""Who is in the register as a roster sees them, found by username or email across agencies."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from helpdesk.models.event import Event
from helpdesk.models.license import License
from helpdesk.models.person import Person, email_key, full_name, normal_username
from helpdesk.services.imports.known import same_name
from helpdesk.services.imports.roster_rows import keys_of
from workflows.license import ABSENT, HELD, MOVE

BATCH = 500


class Member(NamedTuple):
    """`state` is `absent` for somebody who has no license at all."""

    person_id: int
    username: str | None
    first_name: str
    last_name: str
    email: str | None
    license_id: int | None
    state: str
    agency_id: int | None
    access_level: str | None
    last_login_at: datetime | None
    expires_on: date | None
    inactive_at: datetime | None
    locked_at: datetime | None
    deleted_at: datetime | None

    @property
    def name(self) -> str:
        return full_name(self.first_name, self.last_name)


COLUMNS = (
    Person.id, Person.username, Person.first_name, Person.last_name, Person.email, License.id,
    License.state, License.agency_id, License.access_level, License.last_login_at,
    License.expires_on, License.inactive_at, License.locked_at, License.deleted_at,
)  # fmt: skip


class Unclear(Exception):
    """A person has to decide who is meant; the sentence says why."""


@dataclass(frozen=True)
class Named:
    """By what a row names somebody; `name` may be blank."""

    username: str
    email: str
    name: str


@dataclass
class Register:
    """Those whom some rows name."""

    by_username: dict[str, Member]
    by_email: dict[str, list[Member]]

    def find(self, row: Named) -> Member | None:
        """None for somebody new. Raises `Unclear`."""
        by_name = self.by_username.get(normal_username(row.username))
        alike = self.by_email.get(email_key(row.email) or "", [])
        if by_name is not None:
            return by_name
        if not alike:
            return None
        if len(alike) > 1:
            raise Unclear(f"Several people here have the address {row.email}: {_names(alike)}.")
        return _same(row, alike[0])


def _same(row: Named, who: Member) -> Member:
    """Somebody of the same address is the same unless username or name say otherwise."""
    if row.username and who.username:
        raise Unclear(
            f"{who.name} has the address {row.email} and the username {who.username}, and the"
            f" file says {row.username}. Are they the same?"
        )
    if row.name and not same_name(row.name, who.name):
        raise Unclear(f"{row.name} has the address of {who.name}. Are they the same?")
    return who


def _names(people: Iterable[Member]) -> str:
    return ", ".join(who.name for who in people)


def moved_since(session: Session, moment: datetime | None) -> set[int]:
    """The licenses that are at another agency since then, though no import said so."""
    query = select(Event.license_id, Event.data).where(Event.trigger == MOVE, Event.at >= moment)
    found = session.execute(query) if moment else ()
    return {license_id for license_id, data in found if license_id and "import" not in data}


def look_up(session: Session, rows: Iterable[Named]) -> Register:
    named = list(rows)
    names = {normal_username(row.username) for row in named if row.username}
    keys = {key for row in named if (key := email_key(row.email))}
    register = Register({}, defaultdict(list))
    for who in _members(session, Person.username.in_(names)):
        register.by_username[who.username or ""] = who
    for who in _members(session, Person.email_key.in_(keys)):
        register.by_email[email_key(who.email) or ""].append(who)
    return register


def _members(session: Session, condition: ColumnElement[bool]) -> list[Member]:
    query = select(*COLUMNS).outerjoin(License, License.person_id == Person.id).where(condition)
    return [_member(row) for row in session.execute(query.order_by(Person.id))]


def _member(row: Iterable[object]) -> Member:
    found = Member(*row)  # type: ignore[arg-type]  # the columns are those of `COLUMNS`
    return found._replace(state=found.state or ABSENT)


class Gone(NamedTuple):
    person_id: int
    name: str
    username: str


def gone(session: Session, keys: set[str]) -> list[Gone]:
    """Everybody with a username and a license whom the file does not name."""
    query = (
        select(Person.id, Person.first_name, Person.last_name, Person.username, Person.email)
        .join(License, License.person_id == Person.id)
        .where(License.state.in_(HELD), Person.username.is_not(None))
        .order_by(Person.id)
    )
    rows = session.execute(query.execution_options(yield_per=BATCH))
    return [
        Gone(person_id, full_name(first, last), username or "")
        for person_id, first, last, username, email in rows
        if keys.isdisjoint(keys_of(username or "", email or ""))
    ]
