"""Word files: archives of which the table of contents is read, and nothing is unpacked."""

import struct
import zipfile
from typing import IO

SIGNATURE = b"PK\x03\x04"
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

NEEDED = {"[Content_Types].xml", "word/document.xml"}
MACROS = ("vbaproject.bin", "vbadata.xml", "vbaprojectsignature.bin")
CONTROLS = "word/activex/"

MOST_ENTRIES = 1000
LONGEST_TABLE = 128 * 1024
END = struct.Struct("<4s4H2IH")
"""The end record: signature, two disk numbers, entries twice, length and place of the table, and
the length of a comment, which Word never writes."""

SAVE_AS_PDF = "Please save it as a PDF and choose that."
INCOMPLETE = f"is damaged or incomplete. {SAVE_AS_PDF}"
NOT_WORD = (
    "is an archive, or a file of another program than Word. Please choose the documents in it one"
    " by one, or save it as a PDF."
)
HAS_MACROS = "has macros in it. Please save it without them as .docx, or as a PDF."
HAS_PASSWORD = "has a password. Please save it without one."


def flaw(stream: IO[bytes]) -> str | None:
    if not _one_plain_archive(stream):
        return INCOMPLETE
    try:
        with zipfile.ZipFile(stream) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error):
        return INCOMPLETE
    return _judge(entries)


def _one_plain_archive(stream: IO[bytes]) -> bool:
    """Whether the table is short, and ends where the file does, with nothing before or after:
    then `zipfile` reads the same table that we have measured, and that Word will."""
    size = stream.seek(0, 2)
    if size < END.size:
        return False
    stream.seek(size - END.size)
    signature, _, _, _, entries, length, place, comment = END.unpack(stream.read())
    whole = signature == b"PK\x05\x06" and not comment and place + length + END.size == size
    return whole and entries <= MOST_ENTRIES and length <= LONGEST_TABLE


def _judge(entries: list[zipfile.ZipInfo]) -> str | None:
    names = {entry.filename for entry in entries}
    lower = [name.lower() for name in names]
    if len(entries) > MOST_ENTRIES or not names >= NEEDED:
        return NOT_WORD
    if any(name.endswith(MACROS) or name.startswith(CONTROLS) for name in lower):
        return HAS_MACROS
    return HAS_PASSWORD if any(entry.flag_bits & 1 for entry in entries) else None
