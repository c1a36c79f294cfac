"""Dates a year on, and when a license runs out."""

from calendar import monthrange
from collections.abc import Collection
from datetime import MAXYEAR, date


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or that month's last: Feb 29 and 12 months make Feb 28.
    Whoever mistypes a year gets the last day there is."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    if year > MAXYEAR:
        return date.max
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def new_expiry(
    ends: Collection[date], approved: date, months: int, present: date | None = None
) -> date:
    """When a license runs out that is approved on `approved`.

    `ends`: until when each required course counts. The first to run out decides; where none is
    known, the license is good for so many `months`. It is never earlier than the expiry it has
    at `present`.
    """
    found = min(ends, default=months_after(approved, months))
    return found if present is None else max(found, present)


def in_words(day: date) -> str:
    """Nov 25, 2026."""
    return f"{day:%b} {day.day}, {day.year}"
