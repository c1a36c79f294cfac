"""Desk roles. They add up; being a licensee is no row here, it comes with the license."""

from collections.abc import Collection
from enum import StrEnum

from sqlalchemy import ColumnElement, ForeignKey, UniqueConstraint, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from helpdesk.extensions import Base
from helpdesk.models.account import Account
from helpdesk.models.agency import Agency
from helpdesk.models.person import Person, full_name


class Role(StrEnum):
    AGENCY_ADMIN = "agency_admin"
    STAFF = "staff"
    MANAGER = "manager"


HAND = frozenset({Role.STAFF, Role.MANAGER})
"""The roles of those who work for HAND: a manager is staff, too."""


class Grant(Base):
    """`agency_id` is set for agency admins only: one row for each agency."""

    __tablename__ = "role_grant"
    __table_args__ = (UniqueConstraint("person_id", "role", "agency_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[Role]
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"), index=True)


def counts() -> ColumnElement[bool]:
    """Whether a grant has force: that of an agency has none while the agency is inactive."""
    active = select(Agency.id).where(Agency.active)
    return or_(Grant.agency_id.is_(None), Grant.agency_id.in_(active))


def grants_of(session: Session, person_id: int) -> list[Grant]:
    """The roles that a person has now."""
    return list(session.scalars(select(Grant).where(Grant.person_id == person_id, counts())))


def all_grants_of(session: Session, person_id: int) -> list[Grant]:
    """Those of inactive agencies, too: they come back with the agency."""
    return list(session.scalars(select(Grant).where(Grant.person_id == person_id)))


def approvers(session: Session) -> list[Person]:
    """Everybody who may approve and can sign in, by name."""
    return list(session.scalars(APPROVERS))


APPROVERS = (
    select(Person)
    .join(Grant, Grant.person_id == Person.id)
    .join(Account, Account.person_id == Person.id)
    .where(Grant.role.in_(HAND), Account.disabled.is_(False))
    .distinct()
    .order_by(Person.last_name, Person.first_name, Person.id)
)
"""Asked by every ticket, so it is made once, as is the next by the queue."""

APPROVERS_NAMES = APPROVERS.with_only_columns(Person.id, Person.first_name, Person.last_name)


def approvers_names(session: Session) -> list[tuple[int, str]]:
    """The same people, of whom a list of choices needs no more."""
    found = session.connection().execute(APPROVERS_NAMES).all()
    return [(number, full_name(first, last)) for number, first, last in found]


def managers(session: Session) -> list[Person]:
    """HAND's managers who can sign in, by name."""
    return list(session.scalars(APPROVERS.where(Grant.role == Role.MANAGER)))


def admins_of(session: Session, agency_id: int | None) -> list[Person]:
    """An agency's admins who can sign in, by name."""
    return [] if agency_id is None else [p for p, _id in admins_of_any(session, [agency_id])]


def admins_of_any(session: Session, agency_ids: Collection[int]) -> list[tuple[Person, int]]:
    """The same of several agencies, each with the agency's id."""
    query = (
        select(Person, Grant.agency_id)
        .join(Grant, Grant.person_id == Person.id)
        .join(Account, Account.person_id == Person.id)
        .where(
            Grant.role == Role.AGENCY_ADMIN,
            Grant.agency_id.in_(agency_ids),
            Account.disabled.is_(False),
        )
        .order_by(Person.last_name, Person.first_name, Person.id)
    )
    return [(person, agency_id) for person, agency_id in session.execute(query) if agency_id]
