"""An account action that a person carries out by hand, step by step.

Its words are fixed when it is handed over, so that it reads the same to whoever goes on with it,
and after an upgrade. It belongs to the effect of the same key, and is open while that one is
handed over.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.extensions import Base, UtcDateTime


class Outcome(StrEnum):
    DONE = "done"
    FAILED = "failed"


class Checklist(Base):
    """`steps`: {"says": text, "copy": [[label, value], …]}. `confirmed`, in the order of `steps`:
    {"by": a person's id, "name", "at": ISO}. `round` counts how often it was begun: it is begun
    anew when it is tried again after a failure. `reason`: why it could not be done, last time."""

    __tablename__ = "checklist"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    action: Mapped[str]
    username: Mapped[str]
    steps: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    confirmed: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    round: Mapped[int] = mapped_column(default=1)
    outcome: Mapped[Outcome | None]
    reason: Mapped[str | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def left(self) -> int:
        """How many steps are still to be confirmed."""
        return len(self.steps) - len(self.confirmed)
