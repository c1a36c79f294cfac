"""PDF: a header at the very beginning and an end marker at the end; what is between is not read."""

import re
import zipfile
from typing import IO

HEADER = re.compile(rb"(?:\xef\xbb\xbf)?[\s\0]{0,8}%PDF-[12]\.[0-9]")
"""Some scanners write a line end or a byte order mark first."""

END = b"%%EOF"
LAST = 1024
"""Bytes in which readers look for the end marker."""

INCOMPLETE = "is damaged or incomplete. Please check that it opens, save it again and choose it."


def begins(head: bytes) -> bool:
    return HEADER.match(head) is not None


def flaw(stream: IO[bytes]) -> str | None:
    """A file that is an archive at its end, too, is two things at once: nobody needs that."""
    size = stream.seek(0, 2)
    stream.seek(max(0, size - LAST))
    if END not in stream.read():
        return INCOMPLETE
    return INCOMPLETE if zipfile.is_zipfile(stream) else None
