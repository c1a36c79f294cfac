"""How a file of somebody else's making is written: its encoding, and what stands between cells."""

import codecs
import csv
from dataclasses import replace
from typing import BinaryIO

from helpdesk.services.imports.lines import UTF_16, Shape
from helpdesk.services.imports.sources import Source

CHUNK = 256 * 1024
BEGINNING = 64 * 1024  # bytes among which the header is
DELIMITERS = ",;\t|"

UTF16 = Shape("utf-16", called="UTF-16", errors="replace")
UTF8 = Shape("utf-8-sig")
WINDOWS = Shape("cp1252", called="Windows-1252")


def shape_of(source: Source) -> Shape:
    """Raises `CannotRead`. What is neither UTF-16 nor UTF-8 is taken for Windows-1252."""
    with source.open() as file:
        beginning = file.read(BEGINNING)
        file.seek(0)
        shape = UTF16 if beginning[:2] in UTF_16 else _eight_bits(file)
    text = beginning.decode(shape.encoding, "replace")
    return replace(shape, delimiter=_delimiter(text))


def _eight_bits(file: BinaryIO) -> Shape:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while chunk := file.read(CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return WINDOWS
    return UTF8


def _delimiter(text: str) -> str:
    """What divides the first line that holds anything into the most cells."""
    header = next((line for line in text.splitlines() if line.strip()), "")
    return max(DELIMITERS, key=lambda each: _cells(header, each))


def _cells(line: str, delimiter: str) -> int:
    try:
        return len(next(csv.reader([line], delimiter=delimiter), []))
    except csv.Error:
        return 0
