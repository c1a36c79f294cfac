"""An agency: a shelter, an outreach team, a housing program."""

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from helpdesk.extensions import Base


class Agency(Base):
    __tablename__ = "agency"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    active: Mapped[bool] = mapped_column(default=True)


def names(session: Session) -> dict[int, str]:
    """What each agency is called, the inactive ones too."""
    return {agency.id: agency.name for agency in session.scalars(select(Agency))}
