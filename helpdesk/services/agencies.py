"""Agencies: added, described, set aside and taken up again; and who is there for each."""

from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from helpdesk.actor import Actor
from helpdesk.models.account import Account
from helpdesk.models.agency import Agency
from helpdesk.models.license import License
from helpdesk.models.person import Person
from helpdesk.models.role import Grant, Role
from helpdesk.models.ticket import Ticket
from helpdesk.services import trace
from helpdesk.transaction import transaction

SOMEBODYS = {"phone", "contact", "contact_email"}
"""What of a profile may say who somebody is: the log tells only that it changed."""


class Taken(Exception):
    """Another agency has this name already, but for case and spaces, or this `hmis_id`."""

    def __init__(self, field: str) -> None:
        self.field = field
        super().__init__(field)


class Overtaken(Exception):
    """Somebody else described the agency meanwhile. `changes`: by field, what stood there and what
    stands there now."""

    def __init__(self, by: str | None, changes: dict[str, tuple[Any, Any]]) -> None:
        self.by, self.changes = by, changes
        super().__init__(by)


@dataclass(frozen=True)
class Profile:
    """What managers keep of an agency; named as its columns."""

    name: str
    hmis_id: str | None = None
    address: str | None = None
    phone: str | None = None
    contact: str | None = None
    contact_email: str | None = None
    seats: int | None = None


@dataclass(frozen=True)
class Line:
    """An agency and what there is of it. `admins`: those who can sign in."""

    agency: Agency
    people: int
    admins: int
    open_tickets: int

    @property
    def forsaken(self) -> bool:
        """Nobody is left who could file for its people."""
        return self.agency.active and self.admins == 0


@dataclass(frozen=True)
class Admin:
    grant_id: int
    person: Person
    signs_in: bool


def lines(session: Session, which: ColumnElement[bool]) -> list[Line]:
    """Agencies by name, those in use first."""
    by_name = (Agency.active.desc(), func.lower(Agency.name), Agency.id)
    return [Line(*row) for row in session.execute(_counted().where(which).order_by(*by_name))]


def line(session: Session, agency_id: int) -> Line | None:
    row = session.execute(_counted().where(Agency.id == agency_id)).one_or_none()
    return Line(*row) if row else None


def active(session: Session) -> list[Agency]:
    """Those that can be chosen, by name."""
    query = select(Agency).where(Agency.active).order_by(func.lower(Agency.name), Agency.id)
    return list(session.scalars(query))


def admins(session: Session, agency_id: int) -> list[Admin]:
    """Who holds the role for the agency, whether or not they can sign in."""
    query = (
        select(Grant.id, Person, Account.disabled.is_(False))
        .join(Person, Person.id == Grant.person_id)
        .outerjoin(Account, Account.person_id == Person.id)
        .where(Grant.role == Role.AGENCY_ADMIN, Grant.agency_id == agency_id)
        .order_by(Person.last_name, Person.first_name, Person.id)
    )
    return [Admin(number, person, bool(able)) for number, person, able in session.execute(query)]


def add(name: str, actor: Actor) -> Agency:
    """Raises `Taken`."""
    try:
        with transaction() as session:
            _refuse_taken(session, Profile(name))
            agency = Agency(name=name)
            session.add(agency)
            session.flush()
    except IntegrityError:  # another was quicker
        raise Taken("name") from None
    trace.changed(actor, f"agency {agency.id}", None, "added")
    return agency


def profile_of(agency: Agency) -> Profile:
    return Profile(**{field.name: getattr(agency, field.name) for field in fields(Profile)})


def describe(
    agency_id: int, profile: Profile, actor: Actor, seen: Profile | None = None
) -> None:
    """`seen`: what the actor has changed; None: whatever stands there. The same profile twice is
    one. Raises `Taken` and `Overtaken`."""
    try:
        with transaction() as session:
            agency = session.get_one(Agency, agency_id, with_for_update=True)
            before = profile_of(agency)
            if before not in (profile, seen or before):
                raise _overtaken(session, agency, _changes(seen or before, before))
            _refuse_taken(session, profile, but=agency_id)
            changes = _changes(before, profile)
            for name, (_, value) in changes.items():
                setattr(agency, name, value)
            if changes:
                agency.described_by_id = actor.person_id
    except IntegrityError as error:  # another was quicker
        raise Taken("hmis_id" if "hmis_id" in str(error.orig) else "name") from None
    for name, (was, is_now) in changes.items():
        told = ("…", "…") if name in SOMEBODYS else (was, is_now)
        trace.changed(actor, f"{name} of agency {agency_id}", *told)


def _overtaken(
    session: Session, agency: Agency, changes: dict[str, tuple[Any, Any]]
) -> Overtaken:
    by = session.get(Person, agency.described_by_id or 0)
    return Overtaken(by.name if by else None, changes)


def _changes(before: Profile, after: Profile) -> dict[str, tuple[Any, Any]]:
    was, is_now = vars(before), vars(after)
    return {name: (was[name], is_now[name]) for name in was if was[name] != is_now[name]}


def set_active(agency_id: int, wanted: bool, actor: Actor) -> None:
    """Its admins' role has force while it is active; its people and tickets stay either way."""
    with transaction() as session:
        agency = session.get_one(Agency, agency_id)
        before, agency.active = agency.active, wanted
    trace.changed(actor, f"agency {agency_id} active", before, wanted)


def _refuse_taken(session: Session, profile: Profile, but: int | None = None) -> None:
    rows = session.execute(select(Agency.id, Agency.name, Agency.hmis_id)).all()
    others = [(name, hmis_id) for number, name, hmis_id in rows if number != but]
    if _plain(profile.name) in {_plain(name) for name, _hmis_id in others}:
        raise Taken("name")
    if profile.hmis_id and profile.hmis_id in {hmis_id for _name, hmis_id in others}:
        raise Taken("hmis_id")


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def _counted() -> Select[Agency, int, int, int]:
    people = _number(select(License.id).where(License.agency_id == Agency.id))
    able = (
        select(Grant.id)
        .join(Account, Account.person_id == Grant.person_id)
        .where(Grant.agency_id == Agency.id, Account.disabled.is_(False))
    )
    tickets = select(Ticket.id).where(Ticket.agency_id == Agency.id, Ticket.open)
    return select(Agency, people, _number(able), _number(tickets))


def _number(rows: Select[Any]) -> ScalarSelect[int]:
    return rows.with_only_columns(func.count()).correlate(Agency).scalar_subquery()
