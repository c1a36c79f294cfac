"""Counts of attempts, shared by all processes: by typed name, by source, by both."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.extensions import Base, UtcDateTime


class Counter(Base):
    """`key` is a hash: a typed name may be a password that slipped into the wrong field."""

    __tablename__ = "counter"

    key: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]
    first_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)
