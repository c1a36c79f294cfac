"""A name or an address on file was put right: what it was, what it is, and who did it.

Never changed again, like the history of tickets and licenses: the database itself refuses it.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from helpdesk.extensions import Base, UtcDateTime
from helpdesk.models.person import email_key

NAMES = ("first_name", "last_name")


class Correction(Base):
    """`version` counts the corrections of a person from 1. `before` and `after` hold first name,
    last name and email. `reason`: what the one who did it says of it, if anything."""

    __tablename__ = "correction"
    __table_args__ = (UniqueConstraint("person_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int]
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    after: Mapped[dict[str, Any]] = mapped_column(JSON)
    reason: Mapped[str | None]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    actor_name: Mapped[str]
    channel: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def renames(self) -> bool:
        return any(self.before[name] != self.after[name] for name in NAMES)

    @property
    def moves(self) -> bool:
        """Mail goes elsewhere from then on."""
        return email_key(self.before["email"]) != email_key(self.after["email"])

    @property
    def says_something(self) -> bool:
        """An email that is only written differently is the same to whoever it belongs to."""
        return self.renames or self.moves


def corrections_of(session: Session, *people: int) -> list[Correction]:
    """Oldest first."""
    query = select(Correction).where(Correction.person_id.in_(people))
    return list(session.scalars(query.order_by(Correction.id)))


def moves_since(corrections: Iterable[Correction], moment: datetime) -> list[Correction]:
    """Those by which mail goes elsewhere."""
    return [each for each in corrections if each.at >= moment and each.moves]


def version_of(session: Session, person_id: int) -> int:
    """How often what is on file of a person has been corrected."""
    latest = select(func.max(Correction.version)).where(Correction.person_id == person_id)
    return session.scalar(latest) or 0
