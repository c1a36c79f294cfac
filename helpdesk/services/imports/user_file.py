"""A whole `User.csv`: its good rows, and what is wrong with the others."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import chain

from helpdesk.services.imports.lines import Fault, FaultyRow, Record, quoted, records
from helpdesk.services.imports.repeats import Repeats
from helpdesk.services.imports.sources import CannotRead, Source
from helpdesk.services.imports.user_rows import (
    COLUMNS,
    Places,
    UserRow,
    parse,
    places_of,
    value,
)

CONTENT = [column for column in COLUMNS if column != "ExportID"]
"""Of which export a row is says nothing about the user."""


@dataclass
class UserFile:
    """`ids` are all that are named, faulty rows included. `unread`: lines whose ID nobody knows.
    `repeated`: rows that say what an earlier one says."""

    rows: list[UserRow] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    unread: int = 0
    repeated: int = 0


def read_users(source: Source, latest: date) -> UserFile:
    """Raises `CannotRead`."""
    found = records(source)
    header = next(found, None)
    if header is None:
        raise CannotRead(f"{source.name} is empty.")
    if isinstance(header, Fault):
        raise CannotRead(f"Line {header.lines[0]} should be the header. {header.sentence}")
    return _read(found, places_of(header), len(header.cells), latest)


def _read(
    found: Iterator[Record | Fault], places: Places, width: int, latest: date
) -> UserFile:
    file, repeats = UserFile(), Repeats()
    for each in found:
        hmis_id = "" if isinstance(each, Fault) else value(each, places, "UserID")
        file.unread += not hmis_id
        if isinstance(each, Fault):
            file.faults.append(each)
        elif not hmis_id or repeats.is_first(hmis_id, _content(each, places), each.line):
            _add(file, each, places, width, latest)
    _settle(file, repeats)
    return file


def _add(file: UserFile, record: Record, places: Places, width: int, latest: date) -> None:
    try:
        file.rows.append(parse(record, places, width, latest))
    except FaultyRow as faulty:
        file.faults.append(Fault((record.line,), str(faulty)))


def _content(record: Record, places: Places) -> list[str]:
    return [value(record, places, column) for column in CONTENT]


def _settle(file: UserFile, repeats: Repeats) -> None:
    """Rows of one ID that contradict each other are left out, the first as well."""
    torn = repeats.torn()
    file.ids = set(repeats.said)
    file.rows = [row for row in file.rows if row.hmis_id not in torn]
    file.repeated = repeats.repeated()
    contradictions = (
        Fault(lines, f"UserID {quoted(hmis_id)} is there more than once, with different content.")
        for hmis_id, lines in torn.items()
    )
    file.faults = sorted(chain(file.faults, contradictions), key=lambda fault: fault.lines)
