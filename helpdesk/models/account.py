"""The sign-in account: a password, and what the `local` directory knows of its owner.

The password belongs to the person; `hmis_*`, `bad_attempts` and `key`s belong to the account
that the license gives, as an outside directory would hold them. `password_is_short`: it was chosen
beside a second step, and is too short to go without one.
"""

from datetime import date, datetime

from sqlalchemy import ForeignKey, false, true
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.extensions import Base, UtcDateTime


class Account(Base):
    """`weekly_email`: an agency admin wants it; `weekly_until`, the Monday of the last week that is
    settled; `weekly_since`, that of the week in which they turned it on again."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    password_hash: Mapped[str | None]
    password_changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    password_is_short: Mapped[bool] = mapped_column(default=False, server_default=false())
    disabled: Mapped[bool] = mapped_column(default=False)
    hmis_access: Mapped[bool] = mapped_column(default=False)
    hmis_until: Mapped[date | None]
    bad_attempts: Mapped[int] = mapped_column(default=0)
    weekly_email: Mapped[bool] = mapped_column(default=True, server_default=true())
    weekly_until: Mapped[date | None]
    weekly_since: Mapped[date | None]


class DirectoryAction(Base):
    """What the `local` directory was asked to do, by key: asked twice, it is done once."""

    __tablename__ = "directory_action"

    key: Mapped[str] = mapped_column(primary_key=True)
    action: Mapped[str]
    username: Mapped[str]
    done_at: Mapped[datetime] = mapped_column(UtcDateTime)
