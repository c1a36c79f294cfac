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
    return _as_of(None if accounts_are_ours() else log_ins_as_of(db.session()))


def _as_of(told: date | None) -> datetime | None:
    if accounts_are_ours():
        return now()
    return min(now(), _end_of(told)) if told else None


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time.max, ZoneInfo(settings().TIMEZONE))


def too_old() -> datetime | None:
    """As of when they are known, if that is so long ago that nobody is judged by them."""
    as_of = known_as_of()
    return as_of if as_of is not None and _is_old(as_of) else None


def known_until(told: date | None) -> date | None:
    """The last day of which the log-ins of one license are known. `told`: the day of which a roster
    told them last. None: nobody did, or too long ago to judge by it."""
    as_of = _as_of(told)
    return local(as_of).date() if as_of is not None and not _is_old(as_of) else None


def _is_old(as_of: datetime) -> bool:
    return now() - as_of > settings().LOG_INS_FRESH
