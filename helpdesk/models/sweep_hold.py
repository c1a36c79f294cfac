"""A sweep that would change so many licenses that a manager has to see it first."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from helpdesk.extensions import Base, UtcDateTime, now


class SweepHold(Base):
    """`changes` of the `held` licenses would have changed when it was looked at last. `waits` is
    true until the sweep has gone on, and nothing afterwards: so there is one at a time."""

    __tablename__ = "sweep_hold"
    __table_args__ = (Index("uq_sweep_hold_waits", "waits", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    waits: Mapped[bool | None] = mapped_column(default=True)
    changes: Mapped[int]
    held: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    released_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


def waiting_hold(session: Session, *, locked: bool = False) -> SweepHold | None:
    query = select(SweepHold).where(SweepHold.waits.is_(True))
    return session.scalar(query.with_for_update() if locked else query)
