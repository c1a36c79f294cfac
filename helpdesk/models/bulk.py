"""A bulk: one submission of Recertifications for many people, kept while it is filled in.

Which requests it became stands nowhere here: a request bears the key of its person in the bulk
(`key_of`), so that neither a crash nor a second click can make another one.
"""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from helpdesk.extensions import Base, UtcDateTime, now
from helpdesk.models.document import Document
from helpdesk.models.license import License
from helpdesk.models.person import Person

LOOSE = "loose"
"""Stands in the key of a worksheet of which nobody knows yet whose it is."""


class Bulk(Base):
    """`owner_id` fills it in and sends it, `filer_id` asks for it: another one where staff file for
    an admin. `agency_id` None: the owner's own agencies. `notes`: sentences about the lines of a
    list that were not taken over. `told`: the tickets that the filer has been told of. `sent_at`:
    when some were sent for the first time."""

    __tablename__ = "bulk"
    __table_args__ = (Index("ix_bulk_owner_id", "owner_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    filer_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    notes: Mapped[list[str]] = mapped_column(JSON, default=list)
    told: Mapped[list[int]] = mapped_column(JSON, default=list)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    def key_of(self, person_id: int) -> str:
        """The key of one person's request: of its documents, and in the end of its ticket."""
        return f"{self.key}-{person_id}"

    def loose_key(self, mark: str) -> str:
        return f"{self.key}-{LOOSE}-{mark}"

    def is_loose(self, document: Document) -> bool:
        return (document.form_key or "").startswith(f"{self.key}-{LOOSE}-")


class BulkPerson(Base):
    """Somebody in a bulk. `days`: when courses were completed, as somebody has typed it: ISO dates
    by the course's name; empty where the suggested day was taken out."""

    __tablename__ = "bulk_person"
    __table_args__ = (UniqueConstraint("bulk_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    bulk_id: Mapped[int] = mapped_column(ForeignKey("bulk.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    days: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)


def in_bulk(session: Session, bulk: Bulk) -> list[tuple[BulkPerson, Person, License]]:
    """Everybody in it, by name, with their license."""
    query = (
        select(BulkPerson, Person, License)
        .join(Person, Person.id == BulkPerson.person_id)
        .join(License, License.person_id == Person.id)
        .where(BulkPerson.bulk_id == bulk.id)
        .order_by(Person.last_name, Person.first_name, Person.id)
    )
    return [(row, person, held) for row, person, held in session.execute(query)]


def documents_in(session: Session, bulk: Bulk) -> list[Document]:
    """What was uploaded to it and not sent yet, in the order it came."""
    query = select(Document).where(
        Document.owner_id == bulk.owner_id,
        Document.form_key.startswith(f"{bulk.key}-", autoescape=True),
        Document.ticket_id.is_(None),
    )
    return list(session.scalars(query.order_by(Document.id)))
