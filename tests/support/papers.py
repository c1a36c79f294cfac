"""Files as people send them, made here: small, whole, and each different if wanted."""

import io
import struct
import zipfile
import zlib

from helpdesk.demo.papers import page

__all__ = ["archive", "chunk", "docx", "jpeg", "page", "pdf", "png", "segment"]

TYPES_PART = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'


def pdf(text: str = "Agreement", end: bytes = b"%%EOF\n") -> bytes:
    body = f"%PDF-1.7\n%\u00e2\u00e3\n1 0 obj\n<< /Type /Catalog /Note ({text}) >>\nendobj\n"
    return body.encode() + b"trailer\n<< /Root 1 0 R >>\nstartxref\n0\n" + end


def docx(parts: dict[str, bytes] | None = None, text: str = "Worksheet") -> bytes:
    whole = {
        "[Content_Types].xml": TYPES_PART,
        "_rels/.rels": b"<Relationships/>",
        "word/document.xml": f"<w:document>{text}</w:document>".encode(),
    }
    return archive(whole | (parts or {}))


def archive(parts: dict[str, bytes], comment: bytes = b"") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
        made.comment = comment
    return file.getvalue()


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int = 2, height: int = 2, shade: int = 0) -> bytes:
    rows = b"".join(b"\0" + bytes([shade]) * min(width, 64) for _ in range(min(height, 64)))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def segment(marker: int, data: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data


def jpeg(width: int = 4, height: int = 3, *, before: bytes = b"", after: bytes = b"") -> bytes:
    """`before` goes in front of the frame, as a phone's notes do; `after` behind the end."""
    frame = segment(0xC0, struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00")
    scan = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x7f\x00"
    start = b"\xff\xd8" + segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0")
    return start + before + frame + scan + b"\xff\xd9" + after
