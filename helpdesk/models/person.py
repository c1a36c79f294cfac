"""A person as the desk knows them: who they are and where mail reaches them.

The right to sign in (`Account`) and the right to use the HMIS (`License`) are rows of their own;
a person may have either or both. `username` is one for both.
"""

from datetime import datetime

from sqlalchemy import Index, ScalarResult, select
from sqlalchemy.orm import Mapped, Session, mapped_column, validates

from helpdesk.extensions import Base, UtcDateTime, now


def email_key(address: str | None) -> str | None:
    """The form in which addresses are compared: no case, no space around."""
    return address.strip().casefold() or None if address else None


class Person(Base):
    """`hmis_id` is the UserID under which the HMIS itself exports the person, where known."""

    __tablename__ = "person"
    __table_args__ = (Index("uq_person_hmis_id", "hmis_id", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str | None] = mapped_column(unique=True)
    first_name: Mapped[str]
    last_name: Mapped[str]
    email: Mapped[str | None]
    email_key: Mapped[str | None] = mapped_column(index=True)
    phone: Mapped[str | None]
    hmis_id: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    @property
    def name(self) -> str:
        return full_name(self.first_name, self.last_name)

    @validates("email")
    def _keep_key(self, _attribute: str, email: str | None) -> str | None:
        self.email_key = email_key(email)
        return email

    @validates("username")
    def _lower(self, _attribute: str, username: str | None) -> str | None:
        return normal_username(username) if username else None


def full_name(first_name: str, last_name: str) -> str:
    return f"{first_name} {last_name}".strip()


def normal_username(typed: str) -> str:
    """User names are compared without case; nobody's name differs from another's by case only."""
    return typed.strip().casefold()


def with_username(session: Session, username: str) -> Person | None:
    return session.scalar(select(Person).where(Person.username == normal_username(username)))


def named(session: Session, ids: set[int]) -> dict[int, Person]:
    """The people with these ids, by id, in one query."""
    found: ScalarResult[Person] = session.scalars(select(Person).where(Person.id.in_(ids)))
    return {person.id: person for person in found}
