"""Forms with files, as a browser sends them."""

import os
import struct
from secrets import token_hex
from zlib import crc32

from bench.client import Sent

UPLOAD = 100 * 1000
"""Bytes of all documents of one filing together."""


def paper(size: int) -> bytes:
    """A picture, in which nothing is to be read: what reading costs is measured apart. Different
    each time: files with the same bytes would be kept once."""
    shape = struct.pack(">II5B", 100, 100, 8, 2, 0, 0, 0)
    chunks = _chunk(b"IHDR", shape) + _chunk(b"IDAT", os.urandom(size)) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", crc32(name + data))


def multipart(fields: dict[str, str], files: dict[str, bytes]) -> Sent:
    line = f"----{token_hex(16)}"
    parts = [
        f'--{line}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    for name, content in files.items():
        head = (
            f'--{line}\r\nContent-Disposition: form-data; name="{name}"; filename="{name}.png"\r\n'
            "Content-Type: image/png\r\n\r\n"
        )
        parts.append(head.encode() + content + b"\r\n")
    body = b"".join(parts) + f"--{line}--\r\n".encode()
    return Sent(body, f"multipart/form-data; boundary={line}")
