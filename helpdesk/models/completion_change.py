"""A completion that a person entered or took back: which, who did it, and why.

Never changed again, like other history: the database itself refuses it.
"""

from datetime import date, datetime

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from helpdesk.extensions import Base, UtcDateTime
from helpdesk.models.completion import Source


class CompletionChange(Base):
    """`entered`, or else taken back. `source`: where the completion was from. `reason`: None
    where it was entered."""

    __tablename__ = "completion_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    course: Mapped[str]
    completed_on: Mapped[date]
    score: Mapped[int | None]
    source: Mapped[Source]
    entered: Mapped[bool]
    reason: Mapped[str | None]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    actor_name: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)


def completion_changes_of(session: Session, person_id: int) -> list[CompletionChange]:
    """Oldest first."""
    query = select(CompletionChange).where(CompletionChange.person_id == person_id)
    return list(session.scalars(query.order_by(CompletionChange.id)))
