"""An agency: a shelter, an outreach team, a housing program."""

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from helpdesk.extensions import Base


class Agency(Base):
    """`hmis_id` is the OrganizationID under which the HMIS itself exports the agency, where known;
    `contact` and `contact_email`, whom HAND asks about the agency itself. `seats`: so many licenses
    may be in use; None where there is no limit. `described_by_id`: who changed any of it last."""

    __tablename__ = "agency"
    __table_args__ = (Index("uq_agency_hmis_id", "hmis_id", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    active: Mapped[bool] = mapped_column(default=True)
    hmis_id: Mapped[str | None]
    address: Mapped[str | None]
    phone: Mapped[str | None]
    contact: Mapped[str | None]
    contact_email: Mapped[str | None]
    seats: Mapped[int | None]
    described_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


def names(session: Session) -> dict[int, str]:
    """What each agency is called, the inactive ones too."""
    return {agency.id: agency.name for agency in session.scalars(select(Agency))}
