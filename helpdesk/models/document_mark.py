"""What staff have said of a document, or of one check of it, when they looked at it."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from helpdesk.extensions import Base, UtcDateTime, now


class Said(StrEnum):
    """`DESPITE`: the whole is accepted, though some of its checks don't pass."""

    FINE = "fine"
    DESPITE = "despite"
    NOT_FINE = "not_fine"


THE_WHOLE = ""
"""Stands for the document itself where the name of a check is asked for."""


class DocumentMark(Base):
    """`about` is the name of a check, or `THE_WHOLE`. `note`: what is wrong, in words for the
    agency; of what was accepted all the same, which checks. The latest counts; none is ever
    changed, and they go only when the document does."""

    __tablename__ = "document_mark"
    __table_args__ = (Index("ix_document_mark_document_id", "document_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id", ondelete="CASCADE"))
    about: Mapped[str]
    said: Mapped[Said]
    note: Mapped[str]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    actor_name: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


Marks = dict[tuple[int, str], DocumentMark]
"""The latest mark by the document's id and the check's name."""


def marks_of(session: Session, document_ids: Iterable[int]) -> Marks:
    query = select(DocumentMark).where(DocumentMark.document_id.in_(document_ids))
    found = session.scalars(query.order_by(DocumentMark.id))
    return {(mark.document_id, mark.about): mark for mark in found}
