"""A license: the facts of its life, and the state they show.

`state` is written by `services.licenses` alone; the database itself refuses a state that no event
explains.
"""

from datetime import date, datetime
from typing import NoReturn

from sqlalchemy import ForeignKey, Index, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column, validates

from helpdesk.extensions import Base, UtcDateTime
from workflows.license import ABSENT, LicenseFacts

WATCHED = text("log_in_by IS NOT NULL")
PROPOSED = text("deletion_proposed_at IS NOT NULL")


class StateIsTheGateways(TypeError):
    """Only the gateway writes a state: call `act`."""


class License(Base):
    """`log_in_by`: a reactivated license whose holder is expected to log in by then.

    Idle days count from `last_login_at` or `idle_from`, whichever is later. What was told last:
    `reminded_days` before the expiry `reminded_for`, and of idleness at `idle_noticed_at`.

    Reported for a day to come: `departs_on`, the last day, and `leave_from`. What came of it:
    `departed_on`, known since `departed_at`, and `on_leave_since`. `leave_until`: the day of
    return, where known; `return_told_for`: the one that was told of when it came. `moves_on`: the
    first day at the agency `moves_to_id`.

    On its way out: `deletable_on` is the day that those who were warned were told; `kept_at` is
    when staff decided against it last.
    """

    __tablename__ = "license"
    __table_args__ = (
        Index("ix_license_deletion", "deletion_proposed_at", "id",
              sqlite_where=PROPOSED, postgresql_where=PROPOSED),
        Index("ix_license_log_in_by", "log_in_by",
              sqlite_where=WATCHED, postgresql_where=WATCHED),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"), index=True)
    state: Mapped[str] = mapped_column(server_default=ABSENT)
    version: Mapped[int] = mapped_column(server_default="0")
    access_level: Mapped[str | None]
    issued_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    locked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    inactive_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    expired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    suspended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_login_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    log_in_by: Mapped[datetime | None] = mapped_column(UtcDateTime)
    idle_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    idle_noticed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reminded_for: Mapped[date | None]
    reminded_days: Mapped[int | None]
    expires_on: Mapped[date | None]
    departs_on: Mapped[date | None]
    departed_on: Mapped[date | None]
    departed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    leave_from: Mapped[date | None]
    on_leave_since: Mapped[date | None]
    leave_until: Mapped[date | None]
    return_told_for: Mapped[date | None]
    deletable_on: Mapped[date | None]
    deletion_proposed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    deletion_confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    kept_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    moves_to_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    moves_on: Mapped[date | None]

    @property
    def facts(self) -> LicenseFacts:
        return LicenseFacts(
            locked=self.locked_at is not None,
            inactive=self.inactive_at is not None,
            expired=self.expired_at is not None,
            suspended=self.suspended_at is not None,
            deleted=self.deleted_at is not None,
            left=self.departed_on is not None,
            away=self.on_leave_since is not None,
            leaving=self.departs_on is not None,
            going=self.leave_from is not None,
            proposed=self.deletion_proposed_at is not None,
            confirmed=self.deletion_confirmed_at is not None,
            moving=self.moves_on is not None,
            unassigned=self.agency_id is None,
        )

    @validates("state", "version")
    def _refuse(self, attribute: str, _value: object) -> NoReturn:
        raise StateIsTheGateways(f"{attribute} of a license is written by services.licenses.act")


def license_of(session: Session, person_id: int) -> License | None:
    return session.scalar(select(License).where(License.person_id == person_id))
