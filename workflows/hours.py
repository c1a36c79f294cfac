"""HAND's business hours: when the clock of a request runs, and when it is due.

All moments are aware UTC datetimes. Hours are counted on the wall clock of the desk's time zone,
so a day when the clocks change is as long as any other.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

DAY, NOTHING = timedelta(days=1), timedelta()


@dataclass(frozen=True, eq=False)
class BusinessHours:
    """Monday to Friday between `opens` and `closes`, holidays off.

    Known by its identity: what is remembered of it is found without a look at its parts.
    """

    zone: ZoneInfo
    opens: time
    closes: time
    is_holiday: Callable[[date], bool]

    @cached_property
    def day(self) -> timedelta:
        """The length of one business day."""
        return datetime.combine(date.min, self.closes) - datetime.combine(date.min, self.opens)

    def add(self, start: datetime, span: timedelta) -> datetime:
        """The moment at which `span` of business time has passed since `start`."""
        day = start.astimezone(self.zone).date()
        while True:
            opens, closes = _open(self, day)
            begin = max(opens, start.astimezone(UTC))
            if opens < closes and begin < closes:
                if begin + span <= closes:
                    return begin + span
                span -= closes - begin
            day += DAY

    def between(self, start: datetime, end: datetime) -> timedelta:
        """The business time between two moments; zero when `end` comes first."""
        total = NOTHING
        day = start.astimezone(self.zone).date()
        last = end.astimezone(self.zone).date()
        while day <= last:
            opens, closes = _open(self, day)
            total += max(min(closes, end) - max(opens, start), NOTHING)
            day += DAY
        return total


@lru_cache(maxsize=4096)
def _open(hours: BusinessHours, day: date) -> tuple[datetime, datetime]:
    """Opening and closing on `day`, in UTC; twice the same moment when the desk is closed."""
    opens = datetime.combine(day, hours.opens, hours.zone).astimezone(UTC)
    if day.weekday() > 4 or hours.is_holiday(day):
        return opens, opens
    return opens, datetime.combine(day, hours.closes, hours.zone).astimezone(UTC)


@dataclass(frozen=True)
class Stretch:
    """A time during which a ticket's clock ran; `end` None means that it still runs."""

    start: datetime
    end: datetime | None


def stretches(changes: Iterable[tuple[datetime, bool]]) -> list[Stretch]:
    """Turns (moment, whether the clock runs from then on) in order of time into stretches."""
    found: list[Stretch] = []
    running: datetime | None = None
    for moment, runs in changes:
        if runs and running is None:
            running = moment
        elif not runs and running is not None:
            found.append(Stretch(running, moment))
            running = None
    if running is not None:
        found.append(Stretch(running, None))
    return found


def due(hours: BusinessHours, history: Iterable[Stretch], target: timedelta) -> datetime | None:
    """When `target` of business time will have run; None while the clock stands."""
    for stretch in history:
        if stretch.end is None:
            return hours.add(stretch.start, target)
        target = max(target - hours.between(stretch.start, stretch.end), NOTHING)
    return None


def left(
    hours: BusinessHours, history: Iterable[Stretch], target: timedelta, now: datetime
) -> timedelta:
    """The business time still to go at `now`; negative when the target is missed."""
    spent = (hours.between(part.start, part.end or now) for part in history)
    return target - sum(spent, NOTHING)
