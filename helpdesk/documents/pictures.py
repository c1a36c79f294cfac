"""PNG and JPEG: their size as told by their headers, and an end. No pixel is decoded."""

import math
import struct
import zipfile
from typing import IO

from helpdesk.documents.pdf import INCOMPLETE

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
PNG_END = b"\0\0\0\0IEND\xaeB`\x82"
JPEG_SIGNATURE = b"\xff\xd8\xff"
JPEG_END = b"\xff\xd9"

FRAMES = {0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}
"""Markers whose segment tells the size."""

SCAN = 0xDA
BARE = {0x01, *range(0xD0, 0xD8)}
"""Markers without a segment."""

MOST_SEGMENTS = 1000


def png_flaw(stream: IO[bytes]) -> str | None:
    found = _png_size(stream)
    if found is None:
        return INCOMPLETE
    size = stream.seek(0, 2)
    stream.seek(max(0, size - len(PNG_END)))
    return _judge(stream, found, ended=stream.read() == PNG_END)


def jpeg_flaw(stream: IO[bytes]) -> str | None:
    """Phones write things of their own after the end, so it is enough that it comes."""
    found = _jpeg_size(stream)
    if found is None:
        return INCOMPLETE
    return _judge(stream, found, ended=JPEG_END in stream.read())


def png_pixels(stream: IO[bytes]) -> int:
    """How many there are, of one without a flaw."""
    return math.prod(_png_size(stream) or ())


def jpeg_pixels(stream: IO[bytes]) -> int:
    """The same of a JPEG."""
    return math.prod(_jpeg_size(stream) or ())


Size = tuple[int, int]
"""Width and height."""


def _judge(stream: IO[bytes], size: Size, *, ended: bool) -> str | None:
    broken = not (all(size) and ended) or zipfile.is_zipfile(stream)
    return INCOMPLETE if broken else None


def _png_size(stream: IO[bytes]) -> Size | None:
    stream.seek(len(PNG_SIGNATURE))
    header = stream.read(16)
    if len(header) < 16 or not header.startswith(b"\0\0\0\x0dIHDR"):
        return None
    width, height = struct.unpack(">II", header[8:])
    return width, height


def _jpeg_size(stream: IO[bytes]) -> Size | None:
    """Reads from marker to marker up to the first scan; the stream is within that afterwards."""
    stream.seek(2)
    size = None
    for _ in range(MOST_SEGMENTS):
        marker = _next_marker(stream)
        if marker is None:
            return None
        if marker == SCAN:
            return size
        if marker not in BARE:
            length = int.from_bytes(stream.read(2))
            body = stream.read(max(0, length - 2))
            if marker in FRAMES and len(body) >= 5:
                height, width = struct.unpack(">HH", body[1:5])
                size = (width, height)
    return None


def _next_marker(stream: IO[bytes]) -> int | None:
    """None where there is none: the file ends, or is something else."""
    if stream.read(1) != b"\xff":
        return None
    while (byte := stream.read(1)) == b"\xff":
        pass  # filling between segments
    return byte[0] if byte else None
