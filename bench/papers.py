"""Forms with files, as a browser sends them."""

import os
from secrets import token_hex

from bench.client import Sent

UPLOAD = 100 * 1000
"""Bytes of all documents of one filing together."""


def paper(size: int) -> bytes:
    """Different each time: files with the same bytes would be kept once."""
    return b"%PDF-1.4\n%" + os.urandom(size // 2).hex().encode() + b"\n%%EOF\n"


def multipart(fields: dict[str, str], files: dict[str, bytes]) -> Sent:
    line = f"----{token_hex(16)}"
    parts = [
        f'--{line}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    for name, content in files.items():
        head = (
            f'--{line}\r\nContent-Disposition: form-data; name="{name}"; filename="{name}.pdf"\r\n'
            "Content-Type: application/pdf\r\n\r\n"
        )
        parts.append(head.encode() + content + b"\r\n")
    body = b"".join(parts) + f"--{line}--\r\n".encode()
    return Sent(body, f"multipart/form-data; boundary={line}")
