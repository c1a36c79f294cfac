"""The faulty rows of a file as a file: what is wrong, the line, then the row as it came, so that
somebody can mend it there and send it in again."""

import csv
import io
from collections.abc import Iterator

from helpdesk.services.imports.lines import PLAIN, Fault, Shape, lines
from helpdesk.services.imports.sources import Source

HEADER = ("What is wrong", "Line")
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(source: Source, faults: list[Fault], shape: Shape = PLAIN) -> str:
    """Raises `CannotRead`."""
    out = io.StringIO()
    writer = csv.writer(out)
    for row in _rows(source, faults, shape):
        writer.writerow([harmless(cell) for cell in row])
    return out.getvalue()


def harmless(cell: str) -> str:
    """No spreadsheet takes it for a formula, and nothing in it is no text."""
    text = cell.encode("utf-8", "replace").decode().replace("\0", "\ufffd")
    return f"'{text}" if text.startswith(FORMULA) else text


def _rows(source: Source, faults: list[Fault], shape: Shape) -> Iterator[list[str]]:
    wrong: dict[int, list[str]] = {}
    for fault in faults:
        for place in fault.lines:
            wrong.setdefault(place, []).append(fault.sentence)
    for number, line in lines(source, shape):
        if number == 1:
            yield [*HEADER, *_cells(line, shape)]
        elif number in wrong:
            yield [" ".join(wrong[number]), str(number), *_cells(line, shape)]


def _cells(line: str | None, shape: Shape) -> list[str]:
    """As far as they can be told apart; a row too long to keep is not."""
    text = (line or "").removesuffix("\n")
    try:
        return next(csv.reader([text], delimiter=shape.delimiter), [])
    except csv.Error:
        return [text]
