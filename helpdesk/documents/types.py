"""Which files are taken: PDF, Word, PNG and JPEG, by name and by content, which have to agree.

Nothing is unpacked, rendered or decoded: signatures, sizes and tables of contents are read.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from helpdesk.documents import docx, pdf, pictures
from helpdesk.documents.errors import NotAllowed
from helpdesk.documents.names import shortened, suffix_of
from helpdesk.documents.others import advice

MEGAPIXEL = 1_000_000
ALLOWED = "PDF, Word (.docx), PNG and JPEG files"


@dataclass(frozen=True)
class FileType:
    """`flaw` reads a file that begins like one, and says what is wrong with it, if anything is.
    `pixels` counts those of a picture without a flaw."""

    label: str
    content_type: str
    suffixes: tuple[str, ...]
    flaw: Callable[[IO[bytes]], str | None]
    pixels: Callable[[IO[bytes]], int] | None = None


PDF = FileType("PDF", "application/pdf", (".pdf",), pdf.flaw)
WORD = FileType("Word", docx.CONTENT_TYPE, (".docx",), docx.flaw)
PNG = FileType("PNG", "image/png", (".png",), pictures.png_flaw, pictures.png_pixels)
JPEG = FileType("JPEG", "image/jpeg", (".jpg", ".jpeg"), pictures.jpeg_flaw, pictures.jpeg_pixels)
TYPES = (PDF, WORD, PNG, JPEG)
SUFFIXES = tuple(suffix for each in TYPES for suffix in each.suffixes)


def recognize(stream: IO[bytes], name: str, most_pixels: int) -> FileType:
    """The type of a file; the stream is at its beginning again. A picture may have `most_pixels`.
    Raises `NotAllowed`."""
    stream.seek(0)
    head = stream.read(1024)
    found = _beginning(head)
    shown = shortened(name)
    if not head:
        raise NotAllowed(f"“{shown}” is empty. Please check that it opens, then choose it again.")
    if found is None:
        raise NotAllowed(f"“{shown}” {advice(head)} We take {ALLOWED}.")
    if (flaw := found.flaw(stream)) is not None:
        raise NotAllowed(f"“{shown}” {flaw}")
    if found.pixels is not None and (count := found.pixels(stream)) > most_pixels:
        raise NotAllowed(_too_many(shown, count, most_pixels))
    if suffix_of(name) not in found.suffixes:
        raise NotAllowed(_misnamed(shown, found))
    stream.seek(0)
    return found


def _beginning(head: bytes) -> FileType | None:
    if pdf.begins(head):
        return PDF
    if head.startswith(docx.SIGNATURE):
        return WORD
    if head.startswith(pictures.PNG_SIGNATURE):
        return PNG
    return JPEG if head.startswith(pictures.JPEG_SIGNATURE) else None


def _misnamed(name: str, found: FileType) -> str:
    return (
        f"“{name}” is a {found.label} file by its content, but its name does not end in"
        f" {' or '.join(found.suffixes)}. Please rename it, then choose it again."
    )


def _too_many(name: str, pixels: int, most: int) -> str:
    return (
        f"“{name}” has {-(-pixels // MEGAPIXEL):,} megapixels; we take up to {most // MEGAPIXEL}."
        " Please save it smaller, for example at half the size."
    )


def label_of(content_type: str) -> str:
    """“PDF” for `application/pdf`, for people."""
    return next((each.label for each in TYPES if each.content_type == content_type), content_type)
