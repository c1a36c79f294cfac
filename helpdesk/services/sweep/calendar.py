"""Licenses as the rules of the calendar look at them: plain values, read in chunks."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Self

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from helpdesk.extensions import db, now, settings
from helpdesk.models.agency import Agency
from helpdesk.models.import_run import ImportRun, LogInTold
from helpdesk.models.license import License
from helpdesk.services import log_ins
from helpdesk.services.directories import accounts_are_ours
from helpdesk.services.words import local
from helpdesk.transaction import release
from workflows.deadlines import Dates, Due, Moment, Spans, due
from workflows.license import HELD

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Line:
    """The columns of one license that decide what is due; named as there. `log_ins_told`: the day
    of which its log-ins were told last, where others see them; `move_barred`: it is to move to an
    agency that is inactive."""

    id: int
    state: str
    expired_at: datetime | None
    expires_on: date | None
    last_login_at: datetime | None
    idle_from: datetime | None
    idle_noticed_at: datetime | None
    reminded_for: date | None
    reminded_days: int | None
    log_in_by: datetime | None
    departed_on: date | None
    departs_on: date | None
    leave_from: date | None
    leave_until: date | None
    on_leave_since: date | None
    return_told_for: date | None
    inactive_at: datetime | None
    departed_at: datetime | None
    kept_at: datetime | None
    deletable_on: date | None
    deletion_proposed_at: datetime | None
    moves_on: date | None
    log_ins_told: date | None
    move_barred: bool | None


SWEPT = (License.state.in_(HELD), License.agency_id.is_not(None))
"""What belongs to no agency was taken over from a list that tells little: it is left alone."""

TOLD = (
    select(func.max(ImportRun.as_of))
    .join(LogInTold, LogInTold.run_id == ImportRun.id)
    .where(LogInTold.license_id == License.id)
    .correlate(License)
    .scalar_subquery()
)
"""The latest day of which a roster has told this license's log-ins; one that is undone has not."""

BARRED = (
    select(Agency.active.is_(False))
    .where(Agency.id == License.moves_to_id)
    .correlate(License)
    .scalar_subquery()
)

ASKED = {"log_ins_told": TOLD, "move_barred": BARRED}
OWN = [getattr(License, name) for name in Line.__dataclass_fields__ if name not in ASKED]
LINES: Select[Any] = select(*OWN, *ASKED.values()).where(*SWEPT)


@dataclass(frozen=True)
class Calendar:
    """One look at the clock and the settings. `sees_log_ins`: none on file means that there was
    none; where they are imported, it means that nobody knows."""

    at: Moment
    spans: Spans
    sees_log_ins: bool

    @classmethod
    def now(cls) -> Self:
        moment, config = now(), settings()
        today = local(moment).date()
        spans = Spans(config.EXPIRY_REMINDERS, config.IDLE_NOTICE_DAYS, config.IDLE_GRACE_DAYS,
                      config.DELETION_AFTER_DAYS, config.DELETION_WARNING_DAYS)  # fmt: skip
        return cls(Moment(moment, today, today), spans, accounts_are_ours())

    def due(self, line: Line) -> list[Due]:
        at = self.at
        if not self.sees_log_ins:
            at = replace(at, log_ins_until=log_ins.known_until(line.log_ins_told))
        return due(self._dates(line), at, self.spans)

    def all_due(self) -> Iterator[tuple[int, list[Due]]]:
        """The id of each license with something due, and what; nothing is held in between."""
        for lines in _chunks():
            for line in lines:
                if found := self.due(line):
                    yield line.id, found

    def _dates(self, line: Line) -> Dates:
        idle = self._idle_since(line)
        return Dates(
            state=line.state,
            expired=line.expired_at is not None,
            expires_on=line.expires_on,
            idle_since=local(idle).date() if idle else None,
            noticed=_at_or_after(line.idle_noticed_at, idle),
            reminded=(line.reminded_for, line.reminded_days),
            log_in_by=line.log_in_by,
            left=line.departed_on is not None,
            departs_on=line.departs_on,
            leave_from=line.leave_from,
            leave_until=line.leave_until,
            returns_on=_returns_on(line),
            unused_since=_unused_since(line),
            kept=_at_or_after(line.kept_at, line.departed_at),
            deletable_on=line.deletable_on,
            deletion_proposed=line.deletion_proposed_at is not None,
            moves_on=line.moves_on,
            move_barred=bool(line.move_barred),
        )

    def _idle_since(self, line: Line) -> datetime | None:
        if line.last_login_at is None and not self.sees_log_ins:
            return None
        known = (moment for moment in (line.last_login_at, line.idle_from) if moment is not None)
        return max(known, default=None)


def _returns_on(line: Line) -> date | None:
    told = line.return_told_for == line.leave_until
    return None if line.on_leave_since is None or told else line.leave_until


def _unused_since(line: Line) -> date | None:
    """Who has left counts from then on; nobody counts while on leave, however long that is."""
    began = [at for at in (line.inactive_at, line.expired_at) if at is not None]
    away_for_long = line.on_leave_since is not None and line.leave_until is None
    if not began or away_for_long:
        return None
    since = local(line.departed_at or min(began)).date()
    kept = local(line.kept_at).date() if line.kept_at else since
    back = line.leave_until if line.on_leave_since and line.leave_until else since
    return max(since, kept, back)


def _at_or_after(moment: datetime | None, other: datetime | None) -> bool:
    return moment is not None and other is not None and moment >= other


def _chunks() -> Iterator[list[Line]]:
    """By id, each found by its place: a list of any length takes the memory of one chunk."""
    last = 0
    while lines := _read(last):
        release()
        yield lines
        last = lines[-1].id


def _read(after: int) -> list[Line]:
    query = LINES.where(License.id > after).order_by(License.id).limit(CHUNK)
    return [Line(*row) for row in db.session.execute(query)]


def held(session: Session, license_id: int) -> Line | None:
    """One license, held until the transaction ends."""
    query = LINES.where(License.id == license_id).with_for_update(of=License)
    row = session.execute(query).one_or_none()
    return Line(*row) if row else None
