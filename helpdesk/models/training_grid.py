"""The editions of the training grid: each stands from a day on, until a later one does.

Never changed again, like the history of tickets and licenses: the database itself refuses it.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from helpdesk.extensions import Base, UtcDateTime


class TrainingGrid(Base):
    """`courses` as `workflows.training.Course` turns to JSON. Of two from the same day on, the
    later one counts."""

    __tablename__ = "training_grid"

    id: Mapped[int] = mapped_column(primary_key=True)
    effective_on: Mapped[date]
    courses: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    reason: Mapped[str]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    actor_name: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)


NEWEST = select(func.max(TrainingGrid.id))
"""The id of the edition that was saved last; None where there is none."""


def all_grids(session: Session) -> list[TrainingGrid]:
    """As they come into force."""
    query = select(TrainingGrid).order_by(TrainingGrid.effective_on, TrainingGrid.id)
    return list(session.scalars(query))
