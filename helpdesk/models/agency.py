"""An agency: a shelter, an outreach team, a housing program."""

from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.extensions import Base


class Agency(Base):
    __tablename__ = "agency"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    active: Mapped[bool] = mapped_column(default=True)
