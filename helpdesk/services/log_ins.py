"""What the desk knows of log-ins to the HMIS, and as of when."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from helpdesk.extensions import db, now, settings
from helpdesk.models.import_run import log_ins_as_of
from helpdesk.services.directories import accounts_are_ours
from helpdesk.services.words import local


def known_as_of() -> datetime | None:
    """Where they happen elsewhere, the last roster tells of them, to the end of its day. None:
    nobody has told us of any log-ins yet."""
    if accounts_are_ours():
        return now()
    day = log_ins_as_of(db.session())
    return min(now(), _end_of(day)) if day else None


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time.max, ZoneInfo(settings().TIMEZONE))


def too_old() -> datetime | None:
    """As of when they are known, if that is so long ago that nobody is judged by them."""
    as_of = known_as_of()
    old = as_of is not None and now() - as_of > settings().LOG_INS_FRESH
    return as_of if old else None


def known_until() -> date | None:
    """The last day of which log-ins are known; None if that is too long ago to judge anybody."""
    as_of = known_as_of()
    return local(as_of).date() if as_of is not None and too_old() is None else None
