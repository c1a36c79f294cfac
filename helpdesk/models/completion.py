"""A course that somebody completed, as the Learning Center or a person told it."""

from collections.abc import Collection
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from helpdesk.extensions import Base, UtcDateTime, now


class Source(StrEnum):
    """Where the desk knows it from."""

    IMPORT = "import"
    WORKSHEET = "worksheet"
    HAND = "hand"


class Completion(Base):
    """`course` is the name of a course of the training grid; `score` in percent, None where
    none was told."""

    __tablename__ = "completion"
    __table_args__ = (UniqueConstraint("person_id", "course", "completed_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    course: Mapped[str]
    completed_on: Mapped[date]
    score: Mapped[int | None]
    source: Mapped[Source]
    run_id: Mapped[int | None] = mapped_column(ForeignKey("import_run.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


def completions_of(session: Session, people: Collection[int]) -> list[Completion]:
    """The latest ones first."""
    query = select(Completion).where(Completion.person_id.in_(people))
    return list(session.scalars(query.order_by(Completion.completed_on.desc(), Completion.id)))
