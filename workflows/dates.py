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
    completed: Collection[date], approved: date, months: int, present: date | None = None
) -> date:
    """When a license runs out that is approved on `approved`.

    The earliest required course counts; where none is known, the day of approval does. It is
    never earlier than the expiry it has at `present`.
    """
    found = months_after(min(completed, default=approved), months)
    return found if present is None else max(found, present)


def in_words(day: date) -> str:
    """Nov 25, 2026."""
    return f"{day:%b} {day.day}, {day.year}"
