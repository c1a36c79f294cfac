"""PNG and JPEG: their size as told by their headers, and an end. No pixel is decoded."""

import struct
import zipfile
from typing import IO

from helpdesk.documents.pdf import INCOMPLETE

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
PNG_END = b"\0\0\0\0IEND\xaeB`\x82"
JPEG_SIGNATURE = b"\xff\xd8\xff"
JPEG_END = b"\xff\xd9"

MOST_PIXELS = 120_000_000
"""More than phones take; who opens it has to have room for them all."""

TOO_MANY = "has too many pixels. Please save it smaller, for example at half the size."

FRAMES = {0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}
"""Markers whose segment tells the size."""

SCAN = 0xDA
BARE = {0x01, *range(0xD0, 0xD8)}
"""Markers without a segment."""

MOST_SEGMENTS = 1000


def png_flaw(stream: IO[bytes]) -> str | None:
    stream.seek(len(PNG_SIGNATURE))
    header = stream.read(16)
    if len(header) < 16 or not header.startswith(b"\0\0\0\x0dIHDR"):
        return INCOMPLETE
    width, height = struct.unpack(">II", header[8:])
    size = stream.seek(0, 2)
    stream.seek(max(0, size - len(PNG_END)))
    return _judge(stream, width, height, ended=stream.read() == PNG_END)


def jpeg_flaw(stream: IO[bytes]) -> str | None:
    """Phones write things of their own after the end, so it is enough that it comes."""
    found = _jpeg_size(stream)
    if found is None:
        return INCOMPLETE
    width, height = found
    return _judge(stream, width, height, ended=JPEG_END in stream.read())


def _judge(stream: IO[bytes], width: int, height: int, *, ended: bool) -> str | None:
    if not (width and height and ended) or zipfile.is_zipfile(stream):
        return INCOMPLETE
    return TOO_MANY if width * height > MOST_PIXELS else None


def _jpeg_size(stream: IO[bytes]) -> tuple[int, int] | None:
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
