"""Looks for what may be a client's in a PDF or a Word file: numbers that look like an SSN. Runs as
a program of its own, with limits, because the file is a stranger's: nothing of ours is imported.

Standard input: one line of JSON, then the bytes of the file. Standard output: one line of JSON. The
question: {"type": "pdf" or "word", "most": pages that are looked at, "private": pattern}. The
answer: {"private": bool, "pages": how many a PDF has, else null}.
"""

import contextlib
import json
import re
import sys
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO

import pypdfium2

UNREADABLE = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, ValueError,
              EOFError)  # fmt: skip
LARGEST = 20_000_000  # bytes of one part of a Word file, unpacked
PARTS = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes|comments)\.xml")
PARAGRAPH_ENDS = re.compile(r"</w:p>|<w:(?:tab|br)\b[^>]*>")
TAG = re.compile(r"<[^>]*>")



def main() -> None:
    question = json.loads(sys.stdin.buffer.readline())
    data = sys.stdin.buffer.read()
    document = opened(data) if question["type"] == "pdf" else None
    texts = of_word(data) if document is None else of_pdf(document, question["most"])
    private = any(re.search(question["private"], text) for text in texts)
    pages = None if document is None else len(document)
    sys.stdout.write(json.dumps({"private": private, "pages": pages}))


def opened(data: bytes) -> pypdfium2.PdfDocument | None:
    with contextlib.suppress(pypdfium2.PdfiumError):
        return pypdfium2.PdfDocument(data)
    return None


def of_pdf(document: pypdfium2.PdfDocument, most: int) -> Iterator[str]:
    """What stands on the pages, and what is filled into fields there."""
    with contextlib.suppress(pypdfium2.PdfiumError):
        document.init_forms()
        for number in range(min(len(document), most)):
            page = document[number]
            if document.formenv:
                page.flatten()  # then what is filled in stands on the page as text
                page = document[number]
            yield str(page.get_textpage().get_text_bounded())


def of_word(data: bytes) -> Iterator[str]:
    """Word cuts a number in pieces where its looks change: they are put together."""
    with contextlib.suppress(*UNREADABLE), zipfile.ZipFile(BytesIO(data)) as archive:
        for name in filter(PARTS.fullmatch, archive.namelist()):
            with archive.open(name) as part:
                text = part.read(LARGEST).decode("utf-8", "replace")
            yield TAG.sub("", PARAGRAPH_ENDS.sub("\n", text))


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError):
        main()
