"""A whole roster: its good rows, and what is wrong with the others."""

from dataclasses import dataclass, field
from datetime import datetime

from helpdesk.services.imports.columns import Layout, value
from helpdesk.services.imports.lines import Fault, FaultyRow, Record, quoted
from helpdesk.services.imports.repeats import Repeats
from helpdesk.services.imports.roster_rows import RosterRow, keys_of, parse
from helpdesk.services.imports.sources import Source
from helpdesk.services.imports.table import under_header, with_torn


@dataclass
class RosterFile:
    """`keys`: by what people are named, in faulty rows too. `unread`: lines that name nobody.
    `since`: from when on the desk may know better than the file."""

    rows: list[RosterRow] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    unread: int = 0
    repeated: int = 0
    since: datetime | None = None


def read_roster(
    source: Source, layout: Layout, now: datetime, since: datetime | None = None
) -> RosterFile:
    """No log-in may be after `now`. Raises `CannotRead`."""
    width, found = under_header(source)
    reader = _Reader(layout, width, now, RosterFile(since=since))
    for each in found:
        reader.take(each)
    return reader.settled()


@dataclass
class _Reader:
    layout: Layout
    width: int
    now: datetime
    file: RosterFile = field(default_factory=RosterFile)
    repeats: Repeats = field(default_factory=Repeats)

    def take(self, each: Record | Fault) -> None:
        if isinstance(each, Fault):
            self.file.faults.append(each)
            self.file.unread += 1
            return
        keys = keys_of(*(value(each, self.layout, name) for name in ("username", "email")))
        self.file.keys.update(keys)
        self.file.unread += not keys
        content = (value(each, self.layout, name) for name in self.layout.columns)
        if not keys or self.repeats.is_first(keys[0], content, each.line):
            self._add(each)

    def _add(self, record: Record) -> None:
        try:
            self.file.rows.append(parse(record, self.layout, self.width, self.now))
        except FaultyRow as faulty:
            self.file.faults.append(Fault((record.line,), str(faulty)))

    def settled(self) -> RosterFile:
        """Rows that contradict each other are left out, the first as well."""
        file, torn = self.file, self.repeats.torn()
        file.rows = [row for row in file.rows if row.keys[0] not in torn]
        file.repeated = self.repeats.repeated()
        file.faults = with_torn(file.faults, self.repeats, _torn_words)
        return file


def _torn_words(key: str) -> str:
    return f"{quoted(key[2:])} is there more than once, with different content."
