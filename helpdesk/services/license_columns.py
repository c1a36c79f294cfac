"""What each step of a license writes besides the state: its facts as moments, its days, its agency.

A fact that holds already keeps the moment at which it began.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date

from helpdesk.extensions import UtcDateTime, settings
from helpdesk.models.license import License
from helpdesk.services.directories import accounts_are_ours
from helpdesk.services.words import local
from workflows.license import MOVE

Columns = dict[str, Any]

FROM_OUTSIDE = ("agency_id", "access_level", "last_login_at", "expires_on")
"""What the HMIS may tell of a license."""

ABSENCE = ("departed_on", "departed_at", "on_leave_since", "return_told_for")
"""What is over once somebody is back; `leave_until` is, too, unless that leave is yet to begin."""

ON_ITS_WAY_OUT = ("deletable_on", "deletion_proposed_at", "deletion_confirmed_at")
"""What is over once the license is used again, is kept, or is deleted."""

PLANS = ("departs_on", "leave_from", "moves_on", "moves_to_id")
"""What was reported for a day to come."""


@dataclass(frozen=True)
class Told:
    """A step that is taken at `moment`, with its data: days as ISO text."""

    moment: datetime
    data: dict[str, Any]

    def day(self, name: str) -> date | None:
        text = self.data.get(name)
        return date.fromisoformat(text) if text else None


def columns_of(trigger: str, row: License, told: Told) -> Columns:
    """The columns by name; none for a step that changes nothing but the state."""
    write = STEPS.get(trigger)
    return write(row, told) if write else {}


def read_column(name: str, told: Any) -> Any:
    """A value of a column out of JSON."""
    kind = License.__table__.columns[name].type
    if told is None or not isinstance(kind, Date | UtcDateTime):
        return told
    return (date if isinstance(kind, Date) else datetime).fromisoformat(told)


def _until(row: License, told: Told) -> date | None:
    return told.day("until") or row.expires_on


def _plans_end(row: License) -> Columns:
    """What was reported for a day to come ends with the license, and with the agency whose report
    it was; the day of return from a leave that has begun does not."""
    planned: Columns = dict.fromkeys(PLANS)
    return planned if row.leave_from is None else planned | {"leave_until": None}


def _stays(_row: License) -> Columns:
    return dict.fromkeys(ON_ITS_WAY_OUT)


def _back(row: License) -> Columns:
    over = dict.fromkeys((*ABSENCE, *ON_ITS_WAY_OUT))
    return over if row.leave_from is not None else over | {"leave_until": None}


def _back_for_good(_row: License) -> Columns:
    """Neither away nor about to be."""
    return dict.fromkeys((*ABSENCE, *ON_ITS_WAY_OUT, *PLANS, "leave_until", "log_in_by"))


def _create(row: License, told: Told) -> Columns:
    return {
        **_back_for_good(row),
        "issued_at": told.moment,
        "idle_from": told.moment,
        "deleted_at": None,
        "expires_on": _until(row, told),
        "access_level": told.data.get("access_level") or row.access_level,
        "agency_id": told.data.get("agency_id") or row.agency_id,
    }


def _delete(row: License, told: Told) -> Columns:
    return {"deleted_at": told.moment, "log_in_by": None, **_plans_end(row), **_stays(row)}


def _reactivate(row: License, told: Told) -> Columns:
    """Where log-ins happen elsewhere, nobody is called missing whom the desk can't see."""
    log_in_by = told.moment + settings().LOG_IN_WATCH if accounts_are_ours() else None
    return {
        "inactive_at": None, "idle_from": told.moment, "log_in_by": log_in_by, **_back(row)
    }  # fmt: skip


def _extend(row: License, told: Told) -> Columns:
    return {
        "expired_at": None, "inactive_at": None, "idle_from": told.moment,
        "expires_on": _until(row, told), **_back(row),
    }  # fmt: skip


def _depart(row: License, told: Told) -> Columns:
    gone = {"departed_on": told.day("on"), "departed_at": told.moment}
    return _inactivate(row, told) | _back_for_good(row) | gone


def _take_leave(row: License, told: Told) -> Columns:
    return {
        "inactive_at": row.inactive_at or told.moment, "leave_from": None, "log_in_by": None,
        "on_leave_since": told.day("on"), "leave_until": told.day("back_on"),
    }  # fmt: skip


def _plan_leave(_row: License, told: Told) -> Columns:
    return {"leave_from": told.day("on"), "leave_until": told.day("back_on")}


def _remind(row: License, told: Told) -> Columns:
    return {"reminded_for": _until(row, told), "reminded_days": told.data.get("days")}


def _move(row: License, told: Told) -> Columns:
    """Whoever had left the other agency is somebody else's licensee now."""
    to = told.data.get("agency_id") or row.moves_to_id
    left: Columns = {"departed_on": None, "departed_at": None}
    return {"agency_id": to, **left, **_plans_end(row), **_stays(row)}


def _inactivate(row: License, told: Told) -> Columns:
    return {"inactive_at": row.inactive_at or told.moment}


def _expire(row: License, told: Told) -> Columns:
    return {"expired_at": row.expired_at or told.moment}


def _lock(row: License, told: Told) -> Columns:
    return {"locked_at": row.locked_at or told.moment}


def _from_outside(row: License, told: Told) -> Columns:
    found = {name: read_column(name, told.data[name]) for name in FROM_OUTSIDE if name in told.data}
    seen = found.get("last_login_at")
    if seen and _was_expected(row, seen):
        found["log_in_by"] = None
    return found


def _was_expected(row: License, seen: datetime) -> bool:
    """Whether this is the log-in that a reactivation waits for; of some only the day is told."""
    if row.log_in_by is None:
        return False
    return local(seen).date() >= local(row.log_in_by - settings().LOG_IN_WATCH).date()


STEPS: dict[str, Callable[[License, Told], Columns]] = {
    "request": lambda _row, _told: dict.fromkeys(
        ("locked_at", "inactive_at", "expired_at", "issued_at")
    ),
    "create": _create,
    "adopt": _from_outside,
    "note_roster": _from_outside,
    "note_renewal": lambda row, _told: {"expired_at": None, **_stays(row)},
    "note_inactive": _inactivate,
    "note_lock": _lock,
    "lock": _lock,
    "unlock": lambda _row, told: {"locked_at": None, "idle_from": told.moment},
    "inactivate": _inactivate,
    "reactivate": _reactivate,
    "expire": _expire,
    "lapse": _expire,
    "extend": _extend,
    "remind": _remind,
    "notice_idle": lambda _row, told: {"idle_noticed_at": told.moment},
    "suspend": lambda row, told: {"suspended_at": row.suspended_at or told.moment},
    "lift": lambda _row, told: {"suspended_at": None, "idle_from": told.moment},
    "warn_deletion": lambda _row, told: {"deletable_on": told.day("from")},
    "propose_deletion": lambda _row, told: {"deletion_proposed_at": told.moment},
    "confirm_deletion": lambda _row, told: {"deletion_confirmed_at": told.moment},
    "keep": lambda row, told: {"kept_at": told.moment, **_stays(row)},
    "delete": _delete,
    "note_deletion": _delete,
    "miss_log_in": lambda _row, _told: {"log_in_by": None},
    MOVE: _move,
    "plan_move": lambda _row, told: {
        "moves_on": told.day("on"), "moves_to_id": told.data.get("agency_id")
    },
    "cancel_move": lambda _row, _told: {"moves_on": None, "moves_to_id": None},
    "miss_move": lambda _row, _told: {"moves_on": None, "moves_to_id": None},
    "plan_departure": lambda _row, told: {"departs_on": told.day("on")},
    "cancel_departure": lambda _row, _told: {"departs_on": None},
    "depart": _depart,
    "plan_leave": _plan_leave,
    "cancel_leave": lambda _row, _told: {"leave_from": None, "leave_until": None},
    "take_leave": _take_leave,
    "end_leave": lambda row, _told: {"return_told_for": row.leave_until},
}
