"""The rows of `User.csv` as HUD's HMIS CSV Format Specifications describe them (FY2024, FY2026).

Columns may come in any order, further ones are passed over. A field that is blank says nothing.
A row is faulty when a field is longer than HUD allows, a date is none, or the email address
could not be one: it is left out, since nobody can tell what was meant.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime

from helpdesk.services.imports.lines import FaultyRow, Record, quoted
from helpdesk.services.imports.sources import CannotRead

LONGEST = {
    "UserID": 32,
    "UserFirstName": 50,
    "UserLastName": 50,
    "UserPhone": 10,
    "UserExtension": 5,
    "UserEmail": 320,
    "ExportID": 32,
}
DATES = ("DateCreated", "DateUpdated", "DateDeleted")
COLUMNS = (*LONGEST, *DATES)

EMAIL = re.compile(r"""[^@\s,;:<>"()]+@[^@\s,;:<>"()]+""")
MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?)?")

Places = dict[str, int]


@dataclass(frozen=True, slots=True)
class UserRow:
    """`deleted_on` is the day of `DateDeleted`. Blank fields are empty texts."""

    line: int
    hmis_id: str
    first_name: str
    last_name: str
    email: str
    phone: str
    deleted_on: date | None

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


def places_of(header: Record) -> Places:
    """Where each column stands. Raises `CannotRead`."""
    names = [cell.strip().casefold() for cell in header.cells]
    counts = {column: names.count(column.casefold()) for column in COLUMNS}
    missing = [column for column, count in counts.items() if count == 0]
    if missing:
        raise CannotRead(
            f"This is not HUD’s User.csv: line {header.line} names no {', '.join(missing)}."
        )
    if twice := [column for column, count in counts.items() if count > 1]:
        raise CannotRead(f"Line {header.line} names {', '.join(twice)} more than once.")
    return {column: names.index(column.casefold()) for column in COLUMNS}


def value(record: Record, places: Places, column: str) -> str:
    """Without space around it or doubled within; empty where the row is too short."""
    place = places[column]
    found = record.cells[place] if place < len(record.cells) else ""
    return unicodedata.normalize("NFC", " ".join(found.split()))


def parse(record: Record, places: Places, width: int, latest: date) -> UserRow:
    """`width`: cells in the header; no date may be after `latest`. Raises `FaultyRow`."""
    if len(record.cells) != width:
        raise FaultyRow(f"It has {len(record.cells)} values, and the header has {width}.")
    values = {column: value(record, places, column) for column in COLUMNS}
    if faults := [*_too_long(values), *_misshapen(values), *_bad_dates(values, latest)]:
        raise FaultyRow(" ".join(faults))
    return UserRow(
        line=record.line,
        hmis_id=values["UserID"],
        first_name=values["UserFirstName"],
        last_name=values["UserLastName"],
        email=values["UserEmail"],
        phone=_phone(values["UserPhone"], values["UserExtension"]),
        deleted_on=_day(values["DateDeleted"]),
    )


def _too_long(values: dict[str, str]) -> list[str]:
    return [
        f"{column} is longer than {longest} characters: {quoted(values[column])}."
        for column, longest in LONGEST.items()
        if len(values[column]) > longest
    ]


def _misshapen(values: dict[str, str]) -> list[str]:
    found = [] if values["UserID"] else ["UserID is blank."]
    email = values["UserEmail"]
    if email and not EMAIL.fullmatch(email):
        found.append(f"UserEmail {quoted(email)} is not an email address.")
    return found


def _bad_dates(values: dict[str, str], latest: date) -> list[str]:
    found = [
        f"{column} {quoted(values[column])} is not a date."
        for column in DATES
        if values[column] and _day(values[column]) is None
    ]
    deleted_on = _day(values["DateDeleted"])
    if deleted_on and deleted_on > latest:
        found.append(f"DateDeleted {deleted_on} lies in the future.")
    return found


def _day(text: str) -> date | None:
    if not MOMENT.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        return None


def _phone(number: str, extension: str) -> str:
    return f"{number} ext. {extension}".strip() if extension else number
