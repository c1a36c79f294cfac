"""A worksheet that is being filled in on a page: what is typed so far, kept with its form."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from helpdesk.extensions import Base, UtcDateTime, now


class SheetDraft(Base):
    """One for each worksheet of a form that is not sent yet. `typed`: by the names of the inputs;
    never a signature, which is given anew each time."""

    __tablename__ = "sheet_draft"
    __table_args__ = (
        UniqueConstraint("owner_id", "form_key", "paper", name="uq_sheet_draft_owner_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    form_key: Mapped[str]
    paper: Mapped[str]
    typed: Mapped[dict[str, str]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


def sheet_draft(session: Session, owner_id: int, form_key: str, paper: str) -> SheetDraft | None:
    mine = (SheetDraft.owner_id == owner_id, SheetDraft.form_key == form_key)
    return session.scalar(select(SheetDraft).where(*mine, SheetDraft.paper == paper))
