"""What lists of every kind share: a header with what is under it, and rows that contradict."""

from collections.abc import Callable, Iterable, Iterator

from helpdesk.services.imports.lines import Fault, Record, records
from helpdesk.services.imports.repeats import Repeats
from helpdesk.services.imports.shapes import shape_of
from helpdesk.services.imports.sources import CannotRead, Source


def under_header(source: Source) -> tuple[int, Iterator[Record | Fault]]:
    """How many columns the header has, and the lines under it. Raises `CannotRead`."""
    found = records(source, shape_of(source))
    header = next(found, None)
    if not isinstance(header, Record):
        raise CannotRead(f"{source.name} has no header.")
    return len(header.cells), found


def with_torn(
    faults: Iterable[Fault], repeats: Repeats, words: Callable[[str], str]
) -> list[Fault]:
    """The faults by line, those of rows that contradict each other among them; `words` says it of
    a key."""
    torn = [Fault(lines, words(key)) for key, lines in repeats.torn().items()]
    return sorted([*faults, *torn], key=lambda fault: fault.lines)
