"""Somebody is asked to sign a worksheet by a mailed link: a row for each signature."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from helpdesk.extensions import Base, UtcDateTime, now
from helpdesk.models.document import Document


class SignatureRequest(Base):
    """`who`: as whom they sign, see `workflows.signing`. `typed`: the address is not one on file.
    `token_hash`: of the newest link, which alone works; `sent`: how many there were. It comes to
    one end: signed, or `ended_at`, as another worksheet or a signed page has come instead. Somebody
    who `declined` may be asked again."""

    __tablename__ = "signature_request"
    __table_args__ = (
        UniqueConstraint("document_id", "who", name="uq_signature_request_document_id"),
        Index("ix_signature_request_ticket_id", "ticket_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id", ondelete="CASCADE"))
    who: Mapped[str]
    name: Mapped[str]
    address: Mapped[str]
    typed: Mapped[bool]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    token_hash: Mapped[str | None] = mapped_column(unique=True)
    sent: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    signed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    declined_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    declined: Mapped[str] = mapped_column(default="")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def outstanding(self) -> bool:
        return self.signed_at is None and self.ended_at is None


def signature_requests(session: Session, ticket_id: int) -> list[SignatureRequest]:
    """Of a ticket, oldest first."""
    query = select(SignatureRequest).where(SignatureRequest.ticket_id == ticket_id)
    return list(session.scalars(query.order_by(SignatureRequest.id)))


def papers_and_signers(
    session: Session, ticket_id: int
) -> tuple[list[Document], list[SignatureRequest]]:
    """What is attached to a ticket, in the order it came, with everybody who was asked to sign it,
    in one query: each page of a ticket asks."""
    query = (
        select(Document, SignatureRequest)
        .outerjoin(SignatureRequest, SignatureRequest.document_id == Document.id)
        .where(Document.ticket_id == ticket_id)
        .order_by(Document.id, SignatureRequest.id)
    )
    rows = session.execute(query).all()
    documents = list(dict.fromkeys(document for document, _asked in rows))
    return documents, list(filter(None, (asked for _document, asked in rows)))


def with_link(session: Session, token_hash: str) -> SignatureRequest | None:
    query = select(SignatureRequest).where(SignatureRequest.token_hash == token_hash)
    return session.scalar(query)
