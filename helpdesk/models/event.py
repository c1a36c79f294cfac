"""The history: one row for each step that a ticket or a license took, never changed again."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from helpdesk.extensions import Base, UtcDateTime


class Event(Base):
    """`version` is the one that the row has after the step. `data` is what the form brought."""

    __tablename__ = "event"
    __table_args__ = (
        UniqueConstraint("ticket_id", "version"),
        UniqueConstraint("license_id", "version"),
        CheckConstraint("(ticket_id IS NULL) <> (license_id IS NULL)", name="one_subject"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))
    license_id: Mapped[int | None] = mapped_column(ForeignKey("license.id"))
    version: Mapped[int]
    trigger: Mapped[str]
    from_state: Mapped[str]
    to_state: Mapped[str]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    actor_name: Mapped[str]
    channel: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    data: Mapped[dict[str, Any]] = mapped_column(JSON)


def history(session: Session, ticket_id: int, since_version: int = 0) -> list[Event]:
    """A ticket's events after `since_version`, oldest first."""
    query = select(Event).where(Event.ticket_id == ticket_id, Event.version > since_version)
    return list(session.scalars(query.order_by(Event.version)))


def histories(
    session: Session, ticket_id: int, license_id: int
) -> tuple[list[Event], list[Event]]:
    """A ticket's events and a license's, oldest first, in one statement."""
    query = select(Event).where(or_(Event.ticket_id == ticket_id, Event.license_id == license_id))
    found = list(session.scalars(query.order_by(Event.version)))
    return [e for e in found if e.ticket_id], [e for e in found if e.license_id]


def last_of(session: Session, ticket_id: int, triggers: Collection[str]) -> Event | None:
    """The latest of a ticket's events that one of these steps has left."""
    query = select(Event).where(Event.ticket_id == ticket_id, Event.trigger.in_(triggers))
    return session.scalar(query.order_by(Event.version.desc()).limit(1))


def path(session: Session, ticket_id: int) -> list[tuple[datetime, str]]:
    """When a ticket came to which state, oldest first."""
    query = select(Event.at, Event.to_state).where(Event.ticket_id == ticket_id)
    return [(at, state) for at, state in session.execute(query.order_by(Event.version))]


def license_history(session: Session, license_id: int) -> list[Event]:
    query = select(Event).where(Event.license_id == license_id)
    return list(session.scalars(query.order_by(Event.version)))
