"""People as HAND's managers look for them: found by words, page by page, and changed.

A page is found by its last person's place in the alphabet, never by counting rows.
"""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select, tuple_
from sqlalchemy.orm import Session

from helpdesk.models.account import Account
from helpdesk.models.agency import Agency
from helpdesk.models.license import License
from helpdesk.models.person import Person
from helpdesk.models.role import Grant, Role
from workflows.license import ABSENT, DELETED

PAGE = 50
WORDS = 8  # of a search; more say nothing more
CHOICES = 500


@dataclass(frozen=True)
class Which:
    """Whom to look for. `unassigned`: with a license that belongs to no agency yet."""

    words: str = ""
    agency: int | None = None
    unassigned: bool = False
    with_role: bool = False


@dataclass(frozen=True)
class Line:
    """A person with what a line shows. `disabled` None: there is no sign-in account."""

    person: Person
    license: License | None
    agency: str | None
    disabled: bool | None
    roles: list[Role] = field(default_factory=list)


@dataclass(frozen=True)
class Page:
    """`following`: the id of the person after whom the next page begins; None on the last."""

    lines: list[Line]
    following: int | None


def page(session: Session, which: Which, after: int | None = None) -> Page:
    """At most `PAGE` people after a person, by last name; whom the undo of an import took from
    the register is not among them."""
    query = _query(which).where(or_(License.id.is_(None), ~taken_back()))
    start = session.get(Person, after) if after is not None else None
    if start is not None:
        place = tuple_(Person.last_name, Person.first_name, Person.id)
        query = query.where(place > (start.last_name, start.first_name, start.id))
    found = [Line(*row) for row in session.execute(query.limit(PAGE + 1))]
    _add_roles(session, found[:PAGE])
    following = found[PAGE - 1].person.id if len(found) > PAGE else None
    return Page(found[:PAGE], following)


def line(session: Session, person_id: int) -> Line | None:
    """One person."""
    row = session.execute(_query(Which()).where(Person.id == person_id)).one_or_none()
    return Line(*row) if row else None


def to_choose_from(session: Session, agency_id: int) -> list[Person]:
    """The agency's people who have a username, for a list to pick from."""
    query = (
        select(Person)
        .join(License, License.person_id == Person.id)
        .where(License.agency_id == agency_id, Person.username.is_not(None))
        .order_by(Person.last_name, Person.first_name, Person.id)
    )
    return list(session.scalars(query.limit(CHOICES)))


def _query(which: Which) -> Select[Any]:
    columns: tuple[Any, ...] = (Person, License, Agency.name, Account.disabled)
    query = (
        select(*columns)
        .outerjoin(License, License.person_id == Person.id)
        .outerjoin(Agency, Agency.id == License.agency_id)
        .outerjoin(Account, Account.person_id == Person.id)
        .order_by(Person.last_name, Person.first_name, Person.id)
    )
    for word in which.words.split()[:WORDS]:
        query = query.where(_bears(word))
    if which.agency is not None:
        query = query.where(License.agency_id == which.agency)
    if which.unassigned:
        nowhere = License.id.is_not(None) & License.agency_id.is_(None)
        query = query.where(nowhere, License.state != DELETED)
    if which.with_role:
        query = query.where(select(Grant.id).where(Grant.person_id == Person.id).exists())
    return query


def taken_back() -> ColumnElement[bool]:
    """Somebody whom an import had brought: nothing is left to find them by."""
    nothing = Person.username.is_(None) & Person.email.is_(None) & Person.hmis_id.is_(None)
    return (License.state == ABSENT) & (License.version > 0) & nothing


def _bears(word: str) -> ColumnElement[bool]:
    columns = (Person.first_name, Person.last_name, Person.username, Person.email)
    return or_(*(column.icontains(word, autoescape=True) for column in columns))


def _add_roles(session: Session, lines: list[Line]) -> None:
    """In one query for all of them."""
    by_id = {each.person.id: each for each in lines}
    query = select(Grant.person_id, Grant.role).where(Grant.person_id.in_(by_id))
    for person_id, role in session.execute(query.distinct().order_by(Grant.role.desc())):
        by_id[person_id].roles.append(role)
