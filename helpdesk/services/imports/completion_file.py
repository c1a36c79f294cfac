"""A whole list of completions: its good rows, and what is wrong with the others."""

from dataclasses import dataclass, field
from datetime import date

from helpdesk.services.imports.columns import Layout
from helpdesk.services.imports.completion_rows import Catalog, CompletionRow, Terms, parse
from helpdesk.services.imports.lines import Fault, FaultyRow, Record
from helpdesk.services.imports.repeats import Repeats
from helpdesk.services.imports.sources import Source
from helpdesk.services.imports.table import under_header, with_torn

TORN = "These rows tell different scores of the same course on the same day."


@dataclass
class CompletionFile:
    rows: list[CompletionRow] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    repeated: int = 0


def read_completions(
    source: Source, layout: Layout, today: date, catalog: Catalog
) -> CompletionFile:
    """No course may be completed after `today`. Raises `CannotRead`."""
    width, found = under_header(source)
    reader = _Reader(Terms(layout, width, today, catalog))
    for each in found:
        reader.take(each)
    return reader.settled()


@dataclass
class _Reader:
    terms: Terms
    file: CompletionFile = field(default_factory=CompletionFile)
    repeats: Repeats = field(default_factory=Repeats)

    def take(self, each: Record | Fault) -> None:
        if isinstance(each, Fault):
            self.file.faults.append(each)
            return
        try:
            row = parse(each, self.terms)
        except FaultyRow as faulty:
            self.file.faults.append(Fault((each.line,), str(faulty)))
            return
        if self.repeats.is_first(row.key, [str(row.score)], row.line):
            self.file.rows.append(row)

    def settled(self) -> CompletionFile:
        """Rows that contradict each other are left out, the first as well."""
        file, torn = self.file, self.repeats.torn()
        file.rows = [row for row in file.rows if row.key not in torn]
        file.repeated = self.repeats.repeated()
        file.faults = with_torn(file.faults, self.repeats, lambda _key: TORN)
        return file
