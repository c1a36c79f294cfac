"""A CSV file from outside as numbered records; whatever is wrong with a line is a sentence.

A record is one line: no field of the files we take holds a line break, so a quotation mark that
is never closed spoils its own line and not the rest of the file.
"""

import csv
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import TextIOWrapper
from typing import BinaryIO

from helpdesk.services.imports.sources import CannotRead, Source

LARGEST = 128 * 1024 * 1024
LONGEST_LINE = 10_000

NOT_READABLE = re.compile("[\ud800-\udfff\ufffd]")
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
UTF_16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and in which lines; the first line of a file is 1."""

    lines: tuple[int, ...]
    sentence: str


class FaultyRow(Exception):
    """Everything that is wrong with one row, in sentences: nobody can tell what is meant."""


@dataclass(frozen=True, slots=True)
class Record:
    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Shape:
    """How a file is written. `encoding` is Python's word for it, `called` people's. `errors`: what
    becomes of bytes that are no text, so that they spoil their line only."""

    encoding: str = "utf-8-sig"
    delimiter: str = ","
    called: str = "UTF-8"
    errors: str = "surrogateescape"


PLAIN = Shape()
"""As HUD wants its files."""


def records(source: Source, shape: Shape = PLAIN) -> Iterator[Record | Fault]:
    """Raises `CannotRead`. Blank lines are passed over."""
    for number, line in lines(source, shape):
        found = _parsed(number, line, shape)
        if isinstance(found, Fault) or any(cell.strip() for cell in found.cells):
            yield found


def lines(source: Source, shape: Shape) -> Iterator[tuple[int, str | None]]:
    """The lines with their numbers; None for one that is too long to be a record."""
    with _opened(source, shape) as file:
        text = TextIOWrapper(file, shape.encoding, errors=shape.errors, newline=None)
        for number, line in _numbered(text):
            if source.most_lines is not None and number > source.most_lines:
                raise CannotRead(f"{source.name} has more than {source.most_lines:,} lines.")
            yield number, line


@contextmanager
def _opened(source: Source, shape: Shape) -> Iterator[BinaryIO]:
    with source.open() as file:
        if file.seek(0, 2) > LARGEST:
            raise CannotRead(f"{source.name} is larger than {LARGEST // 1024**2} MB.")
        file.seek(0)
        if shape is PLAIN and file.read(2) in UTF_16:
            raise CannotRead(f"{source.name} is in UTF-16. Save it as CSV UTF-8.")
        file.seek(0)
        yield file


def _numbered(text: TextIOWrapper) -> Iterator[tuple[int, str | None]]:
    """No more is kept of a line than a record may have."""
    number = 0
    while piece := text.readline(LONGEST_LINE):
        number += 1
        whole = piece.endswith("\n") or len(piece) < LONGEST_LINE
        while not whole:
            rest = text.readline(LONGEST_LINE)
            if not rest or rest.endswith("\n"):
                break
        yield number, piece if whole else None


def _parsed(number: int, line: str | None, shape: Shape) -> Record | Fault:
    if line is None:
        return Fault((number,), f"It is longer than {LONGEST_LINE} characters.")
    line = line.removesuffix("\n")
    if NOT_READABLE.search(line):
        return Fault((number,), f"It is not in {shape.called}.")
    if CONTROL.search(line):
        return Fault((number,), "It holds a character that no text has, such as NUL.")
    try:
        cells = next(csv.reader([line], delimiter=shape.delimiter, strict=True), [])
    except csv.Error:
        return Fault((number,), "Its quotation marks do not pair up.")
    return Record(number, tuple(cells))


def quoted(value: str, longest: int = 60) -> str:
    """A value from outside, fit for a terminal: nothing in it can move the cursor."""
    short = value if len(value) <= longest else f"{value[:longest]}…"
    return "“" + "".join(c if c.isprintable() else "\ufffd" for c in short) + "”"
