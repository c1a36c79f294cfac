"""A mail as bytes, written by hand on purpose.

A repeated mail must be the same, byte for byte, also after an upgrade of Python: the standard
library picks a random boundary, folds headers differently from release to release, and cannot
put a UTF-8 address (RFC 6532) beside encoded words.
"""

import base64
import binascii
import re
from collections.abc import Iterable, Iterator

_UNFIT = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]+")
_UNFIT_IN_BODY = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_PLAIN = re.compile(r"[\x20-\x7e]{0,60}")
_WORD_BYTES = 42
"""Of UTF-8 in one encoded word, so that "Reply-To: " and the word fit into 78 characters."""


class BadHeader(ValueError):
    """A line end or NUL got as far as a header: a fault in this program, never sent."""


def one_line(text: str, longest: int | None = None) -> str:
    """Words of a person as one harmless line: controls and bidi overrides become a space."""
    line = _SURROGATE.sub("\ufffd", _UNFIT.sub(" ", text)).strip()
    if longest is not None and len(line) > longest:
        return line[: longest - 1].rstrip() + "…"
    return line


def words(text: str) -> str:
    """Unstructured header text (RFC 2047 where plain ASCII on one line will not do)."""
    if _PLAIN.fullmatch(text) and "=?" not in text:
        return text
    return "\r\n ".join(_encoded(chunk) for chunk in _chunks(text))


def mailbox(name: str, address: str) -> str:
    """`"Name" <address>`; the address has been through `parse_address`."""
    if not name:
        return f"<{address}>"
    if _PLAIN.fullmatch(name) and "=?" not in name:
        escaped = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"\r\n <{address}>'
    return f"{words(name)}\r\n <{address}>"


def mail(headers: Iterable[tuple[str, str]], text: str, html: str, boundary: str) -> bytes:
    """The whole mail, text first (RFC 2046: the best alternative comes last)."""
    top = [
        *headers,
        ("MIME-Version", "1.0"),
        ("Content-Type", f'multipart/alternative;\r\n boundary="{boundary}"'),
    ]
    mark = b"--" + boundary.encode("ascii")
    blocks = [_block(top, b"")]
    for subtype, content in (("plain", text), ("html", html)):
        blocks += [mark + b"\r\n" + _part(subtype, content)]
    return b"\r\n".join([*blocks, mark + b"--\r\n"])


def _part(subtype: str, content: str) -> bytes:
    headers = [
        ("Content-Type", f'text/{subtype}; charset="utf-8"'),
        ("Content-Transfer-Encoding", "quoted-printable"),
    ]
    return _block(headers, _quoted_printable(content))


def _block(headers: Iterable[tuple[str, str]], body: bytes) -> bytes:
    return b"".join(_header(name, value) for name, value in headers) + b"\r\n" + body


def _header(name: str, value: str) -> bytes:
    """The last guard: only the folding made here may hold a line end."""
    if re.search(r"[\r\n\0]", value.replace("\r\n ", " ")):
        raise BadHeader(f"line end or NUL in {name}")
    return f"{name}: {value}\r\n".encode()


def _quoted_printable(content: str) -> bytes:
    """Short ASCII lines whatever people typed; `=` never stands bare, so no boundary can occur."""
    unix = content.replace("\r\n", "\n").replace("\r", "\n")
    clean = _UNFIT_IN_BODY.sub("\ufffd", unix).rstrip("\n") + "\n"
    return binascii.b2a_qp(clean.encode()).replace(b"\n", b"\r\n")


def _encoded(chunk: bytes) -> str:
    return f"=?utf-8?b?{base64.b64encode(chunk).decode('ascii')}?="


def _chunks(text: str) -> Iterator[bytes]:
    """Cut between characters: each encoded word has to decode alone."""
    chunk = b""
    for character in text:
        piece = character.encode()
        if len(chunk) + len(piece) > _WORD_BYTES:
            yield chunk
            chunk = b""
        chunk += piece
    yield chunk
