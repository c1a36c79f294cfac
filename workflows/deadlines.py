"""What falls due in the life of a license, by the calendar.

Each rule looks at one license and answers with the step that its machine is to take, or with
nothing. Days are the desk's own: an hour that is skipped or repeated moves no deadline. What was
told already is among the dates, so a rule asked again finds nothing due; of reminders that were
missed only the nearest is due, and a step that has become due makes its own reminders pointless.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from workflows.license import ACTIVE, EXPIRED, HELD, INACTIVE, LOCKED, MOVE

REMINDED = (ACTIVE, LOCKED, INACTIVE)
"""The states whose holder can renew the license before it ends, though perhaps not at once."""


@dataclass(frozen=True)
class Spans:
    """HAND's numbers, in days, as a site has set them."""

    reminders: tuple[int, ...] = (60, 30, 14, 7, 1)
    idle_notice: int = 30
    idle_grace: int = 5
    deletion_after: int = 60
    deletion_warning: int = 7

    @property
    def idle_limit(self) -> int:
        """The last day without a log-in on which a license is still active."""
        return self.idle_notice + self.idle_grace


@dataclass(frozen=True)
class Dates:
    """What is known of one license. `idle_since`, `expires_on`: None where nobody knows.

    `noticed`: the idleness that began then has been told of. `reminded`: for which expiry a
    reminder was sent last, and for how many days before. `departs_on` is the last day and
    `leave_from` the first one of what was reported for later, `leave_until` the day of return.
    `returns_on`: the day of return of a leave that has begun, unless it was told of.
    `unused_since`: inactive or expired since then, or kept then by staff; on leave, from its end.
    `kept`: staff have decided to keep it since the licensee left.
    `deletable_on`: warned, and deletion is proposed no sooner than then. `moves_on`: the first day
    at another agency; `move_barred`: which is inactive by now.
    """

    state: str
    expired: bool = False
    expires_on: date | None = None
    idle_since: date | None = None
    noticed: bool = False
    reminded: tuple[date | None, int | None] = (None, None)
    log_in_by: datetime | None = None
    left: bool = False
    departs_on: date | None = None
    leave_from: date | None = None
    leave_until: date | None = None
    returns_on: date | None = None
    unused_since: date | None = None
    kept: bool = False
    deletable_on: date | None = None
    deletion_proposed: bool = False
    moves_on: date | None = None
    move_barred: bool = False


@dataclass(frozen=True)
class Moment:
    """When the rules are asked. `log_ins_until`: the day up to which log-ins are known; None when
    that is too long ago to judge anybody."""

    now: datetime
    today: date
    log_ins_until: date | None


@dataclass(frozen=True)
class Due:
    """A step that is due since the day `on`. `data` goes into the history as it is."""

    trigger: str
    on: date
    data: Mapping[str, object] = field(default_factory=dict)


Rule = Callable[[Dates, Moment, Spans], Due | None]


def expiry(dates: Dates, at: Moment, spans: Spans) -> Due | None:
    """Expired once the last day is over; until then reminded, the nearest reminder only. Of
    somebody who has left, nobody needs to hear."""
    last = dates.expires_on
    if last is None or dates.state not in HELD or dates.expired:
        return None
    until = {"until": last.isoformat()}
    if at.today > last:
        return Due("lapse" if dates.left else "expire", last + timedelta(days=1), until)
    reached = [days for days in spans.reminders if (last - at.today).days <= days]
    if dates.left or dates.state not in REMINDED or not reached:
        return None
    if _reminded(dates, min(reached)):
        return None
    nearest = min(reached)
    return Due("remind", last - timedelta(days=nearest), until | {"days": nearest})


def _reminded(dates: Dates, nearest: int) -> bool:
    """Whether this reminder, or a nearer one, was sent for this very expiry."""
    until, days = dates.reminded
    return until == dates.expires_on and days is not None and days <= nearest


def idleness(dates: Dates, at: Moment, spans: Spans) -> Due | None:
    """A notice, some days of grace, and inactive once they are over."""
    since = dates.idle_since
    if dates.state != ACTIVE or since is None or at.log_ins_until is None:
        return None
    idle = (min(at.log_ins_until, at.today) - since).days
    last = since + timedelta(days=spans.idle_limit)
    told = {"since": since.isoformat(), "last_day": last.isoformat()}
    if idle > spans.idle_limit:
        return Due("inactivate", last + timedelta(days=1), told)
    if idle >= spans.idle_notice and not dates.noticed:
        return Due("notice_idle", since + timedelta(days=spans.idle_notice), told)
    return None


def missing_log_in(dates: Dates, at: Moment, _spans: Spans) -> Due | None:
    """Reactivated, and nobody has logged in within the time for it."""
    if dates.state not in HELD or dates.log_in_by is None or dates.log_in_by >= at.now:
        return None
    return Due("miss_log_in", at.today)


def departure(dates: Dates, at: Moment, _spans: Spans) -> Due | None:
    """Reported for a last day that is over by now."""
    last = dates.departs_on
    if dates.state not in HELD or last is None or last >= at.today:
        return None
    return Due("depart", last + timedelta(days=1), {"on": last.isoformat()})


def leave(dates: Dates, at: Moment, _spans: Spans) -> Due | None:
    """Reported for a day that has come."""
    first, back = dates.leave_from, dates.leave_until
    if dates.state not in HELD or dates.left or first is None or first > at.today:
        return None
    told = {"on": first.isoformat(), "back_on": back.isoformat() if back else None}
    return Due("take_leave", first, told)


def leave_over(dates: Dates, at: Moment, _spans: Spans) -> Due | None:
    """The day of return has come, and the license waits for its reactivation."""
    back = dates.returns_on
    if dates.state not in HELD or dates.left or back is None or back > at.today:
        return None
    return Due("end_leave", back, {"back_on": back.isoformat()})


def deletion_warning(dates: Dates, at: Moment, spans: Spans) -> Due | None:
    """Some days before it is proposed to delete the license, and the day after a departure."""
    proposal = _deletion(dates, spans)
    if proposal is None or dates.deletable_on is not None:
        return None
    on = proposal - timedelta(days=spans.deletion_warning)
    if at.today < on:
        return None
    earliest = max(proposal, at.today + timedelta(days=spans.deletion_warning))
    return Due("warn_deletion", on, {"from": earliest.isoformat()})


def deletion_proposal(dates: Dates, at: Moment, spans: Spans) -> Due | None:
    """Staff are asked, once those who were warned have had their days; nothing is deleted without
    them."""
    ripe, warned = _deletion(dates, spans), dates.deletable_on
    if ripe is None or warned is None or dates.deletion_proposed:
        return None
    on = max(ripe, warned)
    return Due("propose_deletion", on) if at.today >= on else None


def _deletion(dates: Dates, spans: Spans) -> date | None:
    since = dates.unused_since
    if dates.state not in {INACTIVE, EXPIRED} or since is None:
        return None
    soon = dates.left and not dates.kept
    days = 1 + spans.deletion_warning if soon else spans.deletion_after
    return since + timedelta(days=days)


def move(dates: Dates, at: Moment, _spans: Spans) -> Due | None:
    """Planned for a day that has come; nobody moves to where no admin could look after them."""
    day = dates.moves_on
    if dates.state not in HELD or day is None or day > at.today:
        return None
    return Due("miss_move" if dates.move_barred else MOVE, day, {"on": day.isoformat()})


RULES: tuple[Rule, ...] = (missing_log_in, expiry, idleness, departure, leave, leave_over,
                           deletion_warning, deletion_proposal, move)  # fmt: skip
"""A further kind of deadline is one more rule, and a step of that name on the license's machine."""


def due(dates: Dates, at: Moment, spans: Spans) -> list[Due]:
    """Everything that is due, first what has been so for longest: one step can end another."""
    found = (rule(dates, at, spans) for rule in RULES)
    return sorted((each for each in found if each is not None), key=lambda each: each.on)
