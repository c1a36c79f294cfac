"""Days and moments as other programs write them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from helpdesk.extensions import settings


class Order(StrEnum):
    """In which order a day is written in numbers."""

    MDY = "mdy"
    YMD = "ymd"
    DMY = "dmy"


LONGEST = 40  # characters
EARLIEST = 1970
NOTHING = {"", "never", "none", "null", "n/a", "-", "--"}

SEP = r"\s*[-/.\s]\s*"
TIME = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?(?:\.\d+)?"
HALF = r"\s*(?P<half>[AaPp])?\.?(?:[Mm]\.?)?"
CLOCK = rf"(?:[T,\s]\s*{TIME}{HALF})?\s*"
IN_NUMBERS = {
    Order.MDY: rf"(?P<month>\d{{1,2}}){SEP}(?P<day>\d{{1,2}}){SEP}(?P<year>\d{{4}}|\d{{2}})",
    Order.DMY: rf"(?P<day>\d{{1,2}}){SEP}(?P<month>\d{{1,2}}){SEP}(?P<year>\d{{4}}|\d{{2}})",
    Order.YMD: rf"(?P<year>\d{{4}}){SEP}(?P<month>\d{{1,2}}){SEP}(?P<day>\d{{1,2}})",
}
BY_NAME = (
    rf"(?P<name>[A-Za-z]{{3,9}})\.?{SEP}(?P<day>\d{{1,2}})(?:,\s*|{SEP})(?P<year>\d{{4}})",
    rf"(?P<day>\d{{1,2}}){SEP}(?P<name>[A-Za-z]{{3,9}})\.?(?:,\s*|{SEP})(?P<year>\d{{4}})",
)
PATTERNS = {
    order: tuple(re.compile(day + CLOCK, re.ASCII) for day in (numbers, *BY_NAME))
    for order, numbers in IN_NUMBERS.items()
}
MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september",
          "october", "november", "december")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """A day, and the time of it where one is told."""

    day: date
    at: time | None

    @property
    def moment(self) -> datetime:
        """By the desk's clock; a day without a time counts from its beginning."""
        here = ZoneInfo(settings().TIMEZONE)
        return datetime.combine(self.day, self.at or time(), here)


def read(text: str, order: Order) -> Told | None:
    """None: it is no day, written in this order."""
    if len(text) > LONGEST:
        return None
    for pattern in PATTERNS[order]:
        if found := pattern.fullmatch(text.strip()):
            return _told(found.groupdict())
    return None


def _told(parts: dict[str, str | None]) -> Told | None:
    try:
        day = date(_year(parts), _month(parts), int(parts["day"] or 0))
        return Told(day, _time(parts)) if day.year >= EARLIEST else None
    except ValueError:
        return None


def is_blank(text: str) -> bool:
    """Nothing, or a word for it."""
    return text.strip().casefold() in NOTHING


def _year(parts: dict[str, str | None]) -> int:
    year = parts["year"] or ""
    return int(year) + (2000 if len(year) == 2 else 0)


def _month(parts: dict[str, str | None]) -> int:
    name = (parts.get("name") or "").casefold()
    if not name:
        return int(parts["month"] or 0)
    return next((n for n, each in enumerate(MONTHS, 1) if each.startswith(name)), 0)


def _time(parts: dict[str, str | None]) -> time | None:
    if parts["hour"] is None:
        return None
    hour, half = int(parts["hour"]), (parts["half"] or "").casefold()
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return time(hour, int(parts["minute"] or 0), int(parts["second"] or 0))


def orders(texts: Iterable[str]) -> list[Order]:
    """Those in which the most of these are days, the likeliest first."""
    given = [text for text in texts if not is_blank(text)]
    fits = {order: sum(read(text, order) is not None for text in given) for order in Order}
    return [order for order in Order if fits[order] == max(fits.values())]
