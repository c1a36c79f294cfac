"""Made-up lives of licenses: what people do, at which moment.

A life is a row of chapters. Each ends with somebody who has just been let in, and its deeds keep
ten days away from whatever the calendar does by itself. So a sweep that is late for less than that
changes when people hear of something, and never how it ends.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Self
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("America/Detroit")
BEGIN = date(2026, 11, 23)
END = date(2029, 12, 1)
DAY, INSTANT = timedelta(days=1), timedelta(microseconds=1)
LATEST = 9
"""So many days in a row without a sweep, at the most."""
SAFE = LATEST + 1

ODD_HOURS = (time(0), time(0, 30), time(1, 30), time(2, 30), time(9), time(19), time(23, 59, 59))


@dataclass(frozen=True, order=True)
class Deed:
    """Something that people do. `days`: from when and until when, or when courses were done."""

    at: datetime
    who: str
    what: str
    days: tuple[date | None, ...] = field(default=(), compare=False)


@dataclass(frozen=True)
class Life:
    """A license as it is on the first day, and what is done about it. `seen`: the last log-in."""

    name: str
    ends: date | None
    seen: datetime | None
    deeds: tuple[Deed, ...]
    email: bool = True
    admin: bool = False


def moment(day: date, rng: Random) -> datetime:
    """At some hour of the day that Detroit has then."""
    local = datetime.combine(day, rng.choice(ODD_HOURS), ZONE)
    return local.replace(fold=rng.randrange(2)).astimezone(UTC)


class Writer:
    """Writes a life, chapter by chapter."""

    def __init__(self, name: str, seed: int, ends: date | None = None, idle: int | None = 0):
        self.name, self.first_ends, self.ends, self.day = name, ends, ends, BEGIN
        self.rng = Random(f"{seed} {name}")  # noqa: S311  chance, not a secret
        self.seen = None if idle is None else moment(BEGIN - idle * DAY, self.rng)
        self.deeds: list[Deed] = []

    def finish(self, **about: bool) -> Life:
        deeds = tuple(deed for deed in self.deeds if deed.at.astimezone(ZONE).date() < END)
        return Life(self.name, self.first_ends, self.seen, deeds, **about)

    def after(self, least: int, most: int) -> None:
        self.day += self.rng.randint(least, most) * DAY

    def on(self, number: int, what: str, *days: date | None) -> Self:
        """On the day of that number."""
        self.day = BEGIN + number * DAY
        self.do(what, *days)
        return self

    def do(self, what: str, *days: date | None) -> None:
        at = moment(self.day, self.rng)
        if self.deeds:
            at = max(at, self.deeds[-1].at + INSTANT)
        self.deeds.append(Deed(at, self.name, what, days))

    def logs_in(self, least: int, most: int) -> None:
        self.after(least, most)
        self.do("log_in")

    def logs_in_until(self, last: date) -> None:
        while (left := (last - self.day).days) > 1:
            self.logs_in(1, min(29, left))
            self.day = min(self.day, last)

    def is_faithful(self) -> None:
        for _time in range(self.rng.randint(1, 3)):
            self.logs_in(1, 29)

    def forgets(self) -> None:
        """Remembers within the days of grace, or just before the notice."""
        self.logs_in(28, 34)

    def is_lost(self) -> None:
        """Inactive for want of a log-in, and reactivated; some come at once, some late."""
        self.after(36 + SAFE, 80)
        self._comes_back()

    def _comes_back(self) -> None:
        self.do("reactivate")
        if self.rng.random() < 0.5:
            at = self.deeds[-1].at + timedelta(hours=self.rng.choice((1, 23, 24)))
            self.deeds.append(Deed(at, self.name, "log_in"))
            self.day = at.astimezone(ZONE).date()
        else:
            self.logs_in(2, 15)

    def takes_leave(self) -> None:
        self.after(1, 5)
        first = self.day + self.rng.choice((-4, 0, 1, 10, 20)) * DAY
        back = first + self.rng.randint(SAFE, 40) * DAY
        known = self.rng.random() < 0.7
        self.do("leave", first, back if known else None)
        self.day = max(back, self.day)
        if known and first < self.day and self.rng.random() < 0.5:
            self.stays_away_longer(first, back)
        self.after(SAFE, 25)
        self._comes_back()

    def stays_away_longer(self, first: date, back: date) -> None:
        self.day = max(back + SAFE * DAY, first + SAFE * DAY)
        longer = self.day + self.rng.randint(3, 20) * DAY
        self.do("leave", first, longer)
        self.day = longer

    def plans_a_leave_and_stays(self) -> None:
        self.after(1, 5)
        self.do("leave", self.day + (15 + SAFE) * DAY, None)
        self.logs_in(1, 10)
        self.do("cancel_leave")

    def is_locked_out(self) -> None:
        self.after(1, 20)
        self.do("lock")
        self.after(1, 50)
        self.do("unlock")

    def renews(self, day: date, *done: date) -> None:
        """Approved on `day`. Nobody who has expired can log in before that."""
        assert self.ends is not None
        self.logs_in_until(min(day - DAY, self.ends))
        self.day = day
        self.do("renew", *done)
        self.ends = a_year_after(min(done))

    def renews_somehow(self) -> None:
        """Early, on the last day, or too late; the courses done at once or one by one."""
        assert self.ends is not None
        early, late = self.rng.randint(1, 45), self.rng.randint(SAFE, 45)
        day = self.ends + self.rng.choice((-early, 0, late)) * DAY
        done = [day - self.rng.randint(0, 50) * DAY for _ in range(self.rng.randint(1, 4))]
        self.renews(day, *done)

    def lives_on(self, until: date = END) -> None:
        while self.day < until:
            if self.ends is not None and (self.ends - self.day).days < 140:
                self.renews_somehow()
            else:
                self.rng.choice(CHAPTERS)(self)

    def leaves(self, ahead: int) -> None:
        self.do("depart", self.day + ahead * DAY)


CHAPTERS: tuple[Callable[[Writer], None], ...] = (
    Writer.is_faithful,
    Writer.forgets,
    Writer.is_lost,
    Writer.takes_leave,
    Writer.plans_a_leave_and_stays,
    Writer.is_locked_out,
)


def a_year_after(day: date) -> date:
    """Feb 29 has none in most years: then it is the day before."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return date(day.year + 1, 2, 28)
