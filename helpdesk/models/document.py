"""A document: what it is called, what kind of paper it is, and the checksum its bytes are kept by.

Until its form is sent it is a draft of one form (`form_key`) and belongs to nobody but its owner.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    String,
    literal,
    select,
    text,
    type_coerce,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from helpdesk.extensions import Base, UtcDateTime, now
from helpdesk.models.reading import Reading, ReadingColumn


class Scan(StrEnum):
    """What is known of viruses in it. A document that is HELD is given to nobody."""

    HELD = "held"
    CLEAN = "clean"
    INFECTED = "infected"


_HELD_SQL = text("scan = 'held'")


def is_held() -> ColumnElement[bool]:
    """Written out in the statement: SQLite uses a partial index only if it sees its very words."""
    held = literal("held", String(), literal_execute=True)
    return type_coerce(Document.scan, String()) == held


class Document(Base):
    """`sha256` is hexadecimal; several rows may share one file. `size` is in bytes. `reading`: what
    a program read of a worksheet; None for what no program has read. `scan` None: nobody had to
    know. Once it is `deleted_at` its file is gone: for a `virus`, or as it was kept for `kept_days`
    after its request had ended."""

    __tablename__ = "document"
    __table_args__ = (
        Index("ix_document_ticket_id", "ticket_id", "id"),
        Index("ix_document_draft", "owner_id", "form_key"),
        Index("ix_document_sha256", "sha256"),
        Index("ix_document_held", "id", sqlite_where=_HELD_SQL, postgresql_where=_HELD_SQL),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    form_key: Mapped[str | None]
    kind: Mapped[str]
    name: Mapped[str]
    content_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    reading: Mapped[Reading | None] = mapped_column(ReadingColumn)
    scan: Mapped[Scan | None]
    virus: Mapped[str | None]
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    kept_days: Mapped[int | None]
    looks_private: Mapped[bool | None]

    @property
    def held(self) -> bool:
        return self.scan is Scan.HELD

    @property
    def gone(self) -> bool:
        return self.deleted_at is not None


def held_for_change(session: Session, document_id: int) -> Document:
    """As it stands once nobody else can change it. Who holds its ticket, too, holds that first."""
    query = select(Document).where(Document.id == document_id)
    locked = query.with_for_update(key_share=True)
    return session.scalars(locked.execution_options(populate_existing=True)).one()


def documents_of(session: Session, ticket_id: int) -> list[Document]:
    """What is attached to a ticket, in the order it came."""
    query = select(Document).where(Document.ticket_id == ticket_id)
    return list(session.scalars(query.order_by(Document.id)))


def drafts_of(session: Session, owner_id: int, form_key: str) -> list[Document]:
    """What somebody has uploaded on a form that is not sent yet."""
    query = select(Document).where(
        Document.owner_id == owner_id,
        Document.form_key == form_key,
        Document.ticket_id.is_(None),
        Document.deleted_at.is_(None),
    )
    return list(session.scalars(query.order_by(Document.id)))
