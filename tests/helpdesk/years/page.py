"""One license in the almanac: what is known of it, and what has been written down."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Self

from tests.helpdesk.years.lives import ZONE, Life

BOTH = ("licensee", "admins")


@dataclass(frozen=True, order=True)
class Entry:
    """A step of a license: when, which, the state it led to, the days it names, and what is owed
    for it: each mail with its reader, each action with its account."""

    at: datetime
    who: str
    what: str
    state: str
    days: tuple[str, ...]
    owed: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Readers:
    """By username; one of the admins has a license of their own. `others`: the admins of another
    agency."""

    admins: tuple[str, ...]
    others: tuple[str, ...]
    staff: tuple[str, ...]

    def of_the_other(self) -> Self:
        """Of somebody who has moved there."""
        return replace(self, admins=self.others, others=self.admins)


class Page:
    def __init__(self, life: Life, readers: Readers) -> None:
        self.name, self.readers, self.reachable = life.name, readers, life.email
        self.ends = life.ends
        self.seen = day_of(life.seen) if life.seen else None
        self.locked = self.suspended = self.proposed = self.deleted = False
        self.inactive_on: date | None = None
        self.expired_on: date | None = None
        self.unused_from: date | None = None
        self.kept_on: date | None = None
        self.deletable_on: date | None = None
        self.last_day: date | None = None
        self.left_on: date | None = None
        self.moves_on: date | None = None
        self.leave_from: date | None = None
        self.away_since: date | None = None
        self.back_on: date | None = None
        self.log_in_by: datetime | None = None
        self.entries: list[Entry] = []

    @property
    def inactive(self) -> bool:
        return self.inactive_on is not None

    @property
    def expired(self) -> bool:
        return self.expired_on is not None

    @property
    def unused_since(self) -> date | None:
        """From the departure on; else from the first that ended its use, or the day of return. If
        staff decided to keep it, from then on. Never in a leave without an end."""
        began = [day for day in (self.inactive_on, self.expired_on) if day is not None]
        if not began or (self.away_since and self.back_on is None):
            return None
        since = self.unused_from or min(began)
        back = self.back_on if self.away_since else None
        return max(since, back or since, self.kept_on or since)

    @property
    def state(self) -> str:
        if self.deleted:
            return "deleted"
        if self.suspended:
            return "suspended"
        if self.expired:
            return "expired"
        if self.inactive:
            return "inactive"
        return "locked" if self.locked else "active"

    @property
    def facts(self) -> tuple[object, ...]:
        """What must be on file in the end."""
        return (self.state, self.ends, self.locked, self.inactive, self.expired, self.last_day,
                self.left_on, self.leave_from, self.away_since, self.back_on,
                self.log_in_by, self.proposed, self.moves_on)  # fmt: skip

    def back_again(self) -> None:
        """A leave is over; one that is yet to begin is not."""
        self.away_since = self.deletable_on = None
        self.proposed = False
        if self.leave_from is None:
            self.back_on = None

    def new_again(self) -> None:
        """What was before counts no more."""
        self.back_again()
        self.locked = self.deleted = False
        self.inactive_on = self.expired_on = self.unused_from = self.kept_on = None
        self.left_on = self.last_day = self.leave_from = self.back_on = None

    def note(
        self, at: datetime, what: str, mail: str | None = None, *,
        days: Sequence[date | int | None] = (), to: Sequence[str] = BOTH, state: str | None = None,
        action: str | None = None,
    ) -> None:  # fmt: skip
        owed = {(mail, reader) for reader in self._readers(to)} if mail else set()
        if action is not None:
            owed.add((action, self.name))
        words = tuple(str(day) for day in days if day is not None)
        entry = Entry(at, self.name, what, state or self.state, words, tuple(sorted(owed)))
        self.entries.append(entry)

    def _readers(self, groups: Sequence[str]) -> set[str]:
        known = {"licensee": (self.name,), "admins": self.readers.admins,
                 "others": self.readers.others, "staff": self.readers.staff}  # fmt: skip
        found = {reader for group in groups for reader in known[group]}
        return found if self.reachable else found - {self.name}


def day_of(at: datetime) -> date:
    """HAND's day."""
    return at.astimezone(ZONE).date()
