"""Dates of a request that staff have taken over from its worksheet, and whose word they are.

What stands on the document was filed with it, so to take it over amends nothing: the agency has
said both, and the worksheet is what was signed. But where somebody at HAND has read the date
otherwise than the program, it is their word that the request goes by, and with it the expiry:
then they don't approve it. Whoever took it over does, if they have read nothing themselves.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from workflows.training import completed

TAKE_DATES = "take_over_dates"

READ_BY = "read_by"
"""Among the answers of a request: who read a date so, by the name of the course."""


def with_dates(
    fields: Mapping[str, Any], taken: Mapping[str, tuple[date, Iterable[int]]]
) -> dict[str, Any]:
    """The answers that change. `taken`: the day by the course's name, and who at HAND read it."""
    days = {name: day.isoformat() for name, (day, _readers) in taken.items()}
    read = {name: {"day": day.isoformat(), "who": sorted(readers)}
            for name, (day, readers) in taken.items()}  # fmt: skip
    return {
        "courses": {**(fields.get("courses") or {}), **days},
        READ_BY: {**(fields.get(READ_BY) or {}), **read},
    }


def readers(fields: Mapping[str, Any]) -> frozenset[int]:
    """Whose reading a date of the request is. One that the agency has mended since is its own."""
    told = completed(fields)
    read: Mapping[str, Any] = fields.get(READ_BY) or {}
    standing = (each for name, each in read.items()
                if name in told and told[name].isoformat() == each["day"])  # fmt: skip
    return frozenset(who for each in standing for who in each["who"])
