"""Word files and pictures that are traps for whoever opens them."""

import io
import struct
import zlib
from typing import Any

from PIL import Image

from tests.support.nasty_pdfs import Files, squeezed
from tests.support.papers import chunk, docx, jpeg, segment

XML = b"<?xml version='1.0'?>"
LAUGHS = XML + b"<!DOCTYPE a [<!ENTITY a 'ha'>%s]><w:p>&z;</w:p>" % b"".join(
    b"<!ENTITY %c '%s'>" % (n, b"&%c;" % (n - 1) * 10) for n in range(98, 123)
)


def word(content: bytes, **more: bytes) -> bytes:
    return docx({"word/document.xml": content} | more)


def picture(kind: str, size: tuple[int, int], mode: str = "RGB", **how: Any) -> bytes:
    target = io.BytesIO()
    Image.new(mode, size).save(target, kind, **how)
    return target.getvalue()


def png_of(width: int, height: int, *parts: bytes, depth: int = 8, color: int = 2,
           laced: int = 0) -> bytes:  # fmt: skip
    header = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, laced)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + b"".join(parts)
            + chunk(b"IEND", b""))  # fmt: skip


def pixels(size: int) -> bytes:
    return chunk(b"IDAT", squeezed(size, b"\0"))


WHOLE_PNG, WHOLE_JPEG = picture("PNG", (300, 200)), picture("JPEG", (300, 200))
LOOP = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x87\x69\0\x04\0\0\0\x01\0\0\0\x08\0\0\0\x08"
"""A directory of a camera's notes whose sub-directory is itself."""


def after_start(data: bytes, *segments: bytes) -> bytes:
    return data[:2] + b"".join(segments) + data[2:]


def turned(how: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = how
    return picture("JPEG", (300, 200), exif=exif)


NASTY_WORDS: Files = {
    "a bomb of 100 MB": lambda: word(bytes(100_000_000)),
    "a bomb of spaces": lambda: word(b"<w:p>" + b" " * 50_000_000),
    "a bomb in a header": lambda: docx({"word/header1.xml": bytes(50_000_000)}),
    "900 headers": lambda: docx(
        {f"word/header{n}.xml": bytes(100_000) for n in range(900)}),
    "entities in entities": lambda: word(LAUGHS),
    "a million tags in tags": lambda: word(b"<w:p>" * 1_000_000),
    "tags that do not end": lambda: word(b"<" * 5_000_000),
    "an entity from outside": lambda: word(b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>&x;"),
    "a part that says another size": lambda: word(b"x" * 5000).replace(
        struct.pack("<I", 5000), struct.pack("<I", 1), 1),
    "a part that is damaged": lambda: word(b"x" * 5000).replace(
        zlib.compress(b"x" * 5000)[2:-4], b"\xff" * 20),
    "NULs": lambda: word(bytes(100)),
    "noise": lambda: word(bytes(range(256)) * 99),
    "a way out": lambda: docx({"../../../tmp/out": b"x", "/etc/passwd": b"x"}),
    "the same name in other letters": lambda: docx(
        {"word/Document.xml": b"x", "WORD/document.xml": b"x"}),
}  # fmt: skip

NASTY_PNGS: Files = {
    "119 megapixels of nothing": lambda: png_of(17_000, 7000, pixels(9)),
    "119 megapixels, squeezed": lambda: png_of(17_000, 7000, pixels(17_000 * 7000 * 3)),
    "a row as long as a street": lambda: png_of(100_000_000, 1, pixels(9)),
    "16 bits a color": lambda: png_of(9000, 9000, pixels(99), depth=16),
    "laced": lambda: png_of(9000, 9000, pixels(99), laced=1),
    "a depth of none": lambda: png_of(9, 9, pixels(999), depth=3),
    "a palette that is not there": lambda: png_of(9, 9, pixels(999), color=3),
    "a palette too long": lambda: png_of(9, 9, chunk(b"PLTE", bytes(9999)), pixels(999), color=3),
    "a profile that is a bomb": lambda: png_of(
        9, 9, chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(90_000_000))), pixels(999)),
    "words that are a bomb": lambda: png_of(
        9, 9, chunk(b"zTXt", b"x\0\0" + zlib.compress(bytes(90_000_000))), pixels(999)),
    "a thousand words": lambda: png_of(9, 9, *[chunk(b"tEXt", b"x\0y")] * 9000, pixels(999)),
    "no pixels": lambda: png_of(9, 9),
    "half its pixels": lambda: WHOLE_PNG[:60] + WHOLE_PNG[-12:],
    "a part that never ends": lambda: png_of(9, 9, struct.pack(">I", 2**31 - 1) + b"IDAT"),
    "a wrong sum": lambda: WHOLE_PNG.replace(WHOLE_PNG[29:33], b"\0\0\0\0", 1),
    "many frames": lambda: picture("PNG", (300, 200), save_all=True,
                           append_images=[Image.new("RGB", (300, 200), n) for n in range(99)]),
}  # fmt: skip

NASTY_JPEGS: Files = {
    "119 megapixels of nothing": lambda: jpeg(17_000, 7000),
    "a column as high as a tower": lambda: jpeg(1, 65_000),
    "turned as nothing can be": lambda: turned(99),
    "turned and thin": lambda: turned(6),
    "notes in a circle": lambda: after_start(WHOLE_JPEG, segment(0xE1, LOOP)),
    "notes of noise": lambda: after_start(
        WHOLE_JPEG, segment(0xE1, b"Exif\0\0" + bytes(range(256)) * 99)),
    "notes of 60 KB, 15 times": lambda: after_start(
        WHOLE_JPEG, *[segment(0xE1, bytes(60_000))] * 15),
    "several pictures, it says": lambda: after_start(
        WHOLE_JPEG, segment(0xE2, b"MPF\0MM\0*" + b"\xff" * 90)),
    "a profile of noise": lambda: after_start(
        WHOLE_JPEG, segment(0xE2, b"ICC_PROFILE\0\1\1" + bytes(999))),
    "tables of noise": lambda: after_start(WHOLE_JPEG, segment(0xC4, bytes(range(256)))),
    "half of it": lambda: WHOLE_JPEG[: len(WHOLE_JPEG) // 2] + b"\xff\xd9",
    "progressive, without its parts": lambda: WHOLE_JPEG.replace(b"\xff\xc0", b"\xff\xc2"),
    "lossless, it says": lambda: WHOLE_JPEG.replace(b"\xff\xc0", b"\xff\xc3"),
    "in four colors": lambda: picture("JPEG", (300, 200), "CMYK"),
    "nothing but its frame": jpeg,
}  # fmt: skip

