"""An import of a file from outside: from the dry run to the day it is undone, with every row that
it touched as it was before and after.

Between dry run and apply the file itself is kept among the documents, by its checksum.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from helpdesk.extensions import Base, UtcDateTime, now

LAST_LOGIN = "last_login"
"""The field of a roster that tells when somebody logged in last."""


class ImportKind(StrEnum):
    USERS = "users"
    ROSTER = "roster"
    COMPLETIONS = "completions"


class Phase(StrEnum):
    PLANNED = "planned"
    APPLIED = "applied"
    UNDONE = "undone"


class Subject(StrEnum):
    """What kind of row was touched."""

    PERSON = "person"
    LICENSE = "license"
    ACCOUNT = "account"
    COMPLETION = "completion"


class ImportRun(Base):
    """`as_of`: the day of which the file tells. `layout`: which of its columns hold what.
    `counts`: how many rows of each part. `touched`: how many rows of the register it changed.
    `left_alone`: what the undo could not bring back: whose, and why. Nobody's id stands where the
    command line did it."""

    __tablename__ = "import_run"
    __table_args__ = (Index("ix_import_run_sha256", "sha256"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ImportKind]
    file_name: Mapped[str]
    sha256: Mapped[str]
    size: Mapped[int]
    file_kept: Mapped[bool]
    as_of: Mapped[date]
    layout: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    phase: Mapped[Phase] = mapped_column(default=Phase.PLANNED)
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    touched: Mapped[int] = mapped_column(default=0)
    left_alone: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    applied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    applied_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class ImportChange(Base):
    """A row of the register before and after; `before` None: the import made it."""

    __tablename__ = "import_change"
    __table_args__ = (Index("ix_import_change_person", "run_id", "person_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    subject: Mapped[Subject]
    subject_id: Mapped[int]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any]] = mapped_column(JSON)


class LogInTold(Base):
    """A roster told when the holder of this license logged in last. Of a license that it did not
    name, or not well, it told nothing, whatever it told of others. Goes when the run is undone."""

    __tablename__ = "log_in_told"
    __table_args__ = (Index("ix_log_in_told_license_id", "license_id"),)

    run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id"), primary_key=True)
    license_id: Mapped[int] = mapped_column(ForeignKey("license.id"), primary_key=True)


class ColumnMapping(Base):
    """What somebody said the columns of such files hold: for the next file with this header."""

    __tablename__ = "column_mapping"

    kind: Mapped[ImportKind] = mapped_column(primary_key=True)
    signature: Mapped[str] = mapped_column(primary_key=True)
    layout: Mapped[dict[str, Any]] = mapped_column(JSON)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


def last_applied(session: Session) -> ImportRun | None:
    """The newest import that changed something and still holds."""
    query = select(ImportRun).where(ImportRun.phase == Phase.APPLIED, ImportRun.touched > 0)
    newest = query.order_by(ImportRun.applied_at.desc(), ImportRun.id.desc())
    return session.scalar(newest.limit(1))


def log_ins_as_of(session: Session) -> date | None:
    """The latest day of which a roster that still holds has told log-ins; None: none ever did."""
    query = select(ImportRun.as_of, ImportRun.layout).where(
        ImportRun.kind == ImportKind.ROSTER, ImportRun.phase == Phase.APPLIED
    )
    rows = session.execute(query.order_by(ImportRun.as_of.desc()))
    return next((day for day, layout in rows if layout and LAST_LOGIN in layout["columns"]), None)
