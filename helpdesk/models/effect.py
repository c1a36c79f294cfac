"""The outbox: what steps owe the world, until it is performed.

A row ends as done, dead (failed for good, seen by staff), given up (by a person, with a reason)
or recalled (before it left). Rows of one `lane` are performed in the order of their ids. A row that
is handed over waits for a person's hands: no worker takes it, and its lane waits with it.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BindParameter,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    bindparam,
    literal,
    text,
    type_coerce,
)
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.extensions import Base, UtcDateTime


class Kind(StrEnum):
    MAIL = "mail"
    ACCOUNT = "account"


class Status(StrEnum):
    DUE = "due"
    LEASED = "leased"
    HANDED_OVER = "handed_over"
    DONE = "done"
    DEAD = "dead"
    GIVEN_UP = "given_up"
    RECALLED = "recalled"


PENDING = (Status.DUE, Status.LEASED)
"""What a worker has, or may take."""

UNSETTLED = (*PENDING, Status.HANDED_OVER)


def _literally(statuses: tuple[Status, ...]) -> BindParameter[Any]:
    """Written out in the statement: SQLite uses a partial index only if it sees its very words."""
    values = [status.value for status in statuses]
    return bindparam(
        "statuses", values, String(), unique=True, expanding=True, literal_execute=True
    )


def is_pending(effect: "type[Effect]") -> ColumnElement[bool]:
    return type_coerce(effect.status, String()).in_(_literally(PENDING))


def is_unsettled(effect: "type[Effect]") -> ColumnElement[bool]:
    return type_coerce(effect.status, String()).in_(_literally(UNSETTLED))


def is_dead() -> ColumnElement[bool]:
    return type_coerce(Effect.status, String()) == literal("dead", String(), literal_execute=True)


def is_handed_over() -> ColumnElement[bool]:
    handed_over = literal("handed_over", String(), literal_execute=True)
    return type_coerce(Effect.status, String()) == handed_over


_PENDING_SQL = text("status IN ('due', 'leased')")
_UNSETTLED_SQL = text("status IN ('due', 'leased', 'handed_over')")
_HANDED_OVER_SQL = text("status = 'handed_over'")
_DEAD_SQL = text("status = 'dead'")


class Effect(Base):
    """`due_at` is when it may be performed, and for a leased row when the lease ends.

    `attempts` counts the leases and fences them: a worker settles only the attempt it made.
    """

    __tablename__ = "effect"
    __table_args__ = (
        Index("ix_effect_due", "kind", "due_at", "id",
              sqlite_where=_PENDING_SQL, postgresql_where=_PENDING_SQL),
        Index("ix_effect_lane", "lane", "id",
              sqlite_where=_UNSETTLED_SQL, postgresql_where=_UNSETTLED_SQL),
        Index("ix_effect_handed_over", "id",
              sqlite_where=_HANDED_OVER_SQL, postgresql_where=_HANDED_OVER_SQL),
        Index("ix_effect_dead", "id", sqlite_where=_DEAD_SQL, postgresql_where=_DEAD_SQL),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[Kind]
    lane: Mapped[str]
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    status: Mapped[Status] = mapped_column(default=Status.DUE)
    attempts: Mapped[int] = mapped_column(default=0)
    allowed_attempts: Mapped[int]
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    error: Mapped[str | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    closed_reason: Mapped[str | None]
