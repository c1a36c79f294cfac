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
from pathlib import Path
from typing import BinaryIO

LARGEST = 128 * 1024 * 1024
LONGEST_LINE = 10_000

NOT_UTF8 = re.compile("[\ud800-\udfff]")
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
UTF_16 = (b"\xff\xfe", b"\xfe\xff")


class CannotRead(Exception):
    """The file as a whole is of no use; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and in which lines; the first line of a file is 1."""

    lines: tuple[int, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class Record:
    line: int
    cells: tuple[str, ...]


def records(path: Path) -> Iterator[Record | Fault]:
    """Raises `CannotRead`. Blank lines are passed over."""
    with _opened(path) as file:
        # Bytes that are not UTF-8 come as lone surrogates, so that they spoil their line only.
        text = TextIOWrapper(file, encoding="utf-8-sig", errors="surrogateescape", newline=None)
        for number, line in _numbered(text):
            found = _parsed(number, line)
            if isinstance(found, Fault) or any(cell.strip() for cell in found.cells):
                yield found


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """Only opening and reading are guarded: what the caller does with a line is its own affair."""
    try:
        if path.exists() and not path.is_file():
            raise CannotRead(f"{path} is not a file.")
        file = path.open("rb")
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "that is not a name of a file"
        raise CannotRead(f"{path} cannot be read: {why}.") from None
    with file:
        _check_whole(path, file)
        yield file


def _check_whole(path: Path, file: BinaryIO) -> None:
    if path.stat().st_size > LARGEST:
        raise CannotRead(f"{path} is larger than {LARGEST // 1024**2} MB.")
    if file.read(2) in UTF_16:
        raise CannotRead(f"{path} is in UTF-16. Save it as CSV UTF-8.")
    file.seek(0)


def _numbered(text: TextIOWrapper) -> Iterator[tuple[int, str | None]]:
    """None stands for a line that is too long to be a record; no more of it is kept."""
    number = 0
    while piece := text.readline(LONGEST_LINE):
        number += 1
        whole = piece.endswith("\n") or len(piece) < LONGEST_LINE
        while not whole:
            rest = text.readline(LONGEST_LINE)
            if not rest or rest.endswith("\n"):
                break
        yield number, piece if whole else None


def _parsed(number: int, line: str | None) -> Record | Fault:
    if line is None:
        return Fault((number,), f"It is longer than {LONGEST_LINE} characters.")
    line = line.removesuffix("\n")
    if NOT_UTF8.search(line):
        return Fault((number,), "It is not in UTF-8.")
    if CONTROL.search(line):
        return Fault((number,), "It holds a character that no text has, such as NUL.")
    try:
        cells = next(csv.reader([line], strict=True), [])
    except csv.Error:
        return Fault((number,), "Its quotation marks do not pair up.")
    return Record(number, tuple(cells))


def quoted(value: str, longest: int = 60) -> str:
    """A value from outside, fit for a terminal: nothing in it can move the cursor."""
    short = value if len(value) <= longest else f"{value[:longest]}…"
    return "“" + "".join(c if c.isprintable() else "\ufffd" for c in short) + "”"
