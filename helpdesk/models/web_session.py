"""A sign-in that lives on the server, so that it can be ended there."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.extensions import Base, UtcDateTime


class Proof(StrEnum):
    """How the person showed who they are. A link proves the address, for a licensee's acts only.

    HALF: the password was right and a second step is owed; such a session opens nothing.
    WAY_BACK: all was right, but the license has expired; good for as much as a link.
    """

    PASSWORD = "password"
    HALF = "half"
    TWO_STEPS = "two_steps"
    PASSKEY = "passkey"
    LINK = "link"
    WAY_BACK = "way back"


class WebSession(Base):
    """`token_hash` is all the server keeps of the cookie's value.

    `confirmed_at`: when the person last showed who they are; None counts as long ago.
    """

    __tablename__ = "web_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    proof: Mapped[Proof]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
