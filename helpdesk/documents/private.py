"""What a program tells of a document at first sight: whether something in it looks like a client's,
and how many pages there are."""

import json
from dataclasses import dataclass

from helpdesk.documents.types import PDF, WORD
from helpdesk.sandbox import run as sandbox
from helpdesk.sandbox.ssn import SSN

PROGRAM = "find_private.py"
KINDS = {PDF.content_type: "pdf", WORD.content_type: "word"}


@dataclass(frozen=True)
class Seen:
    """None for what no program can tell, as of a picture. `pages`: how many, of a PDF."""

    private: bool | None = None
    pages: int | None = None


def look(data: bytes, content_type: str, most_pages: int) -> Seen:
    """`most_pages` of them are looked at."""
    if content_type not in KINDS:
        return Seen()
    question = {"type": KINDS[content_type], "most": most_pages, "private": SSN}
    try:
        return Seen(**json.loads(sandbox.run(PROGRAM, question, data)))
    except sandbox.Unreadable:
        return Seen()
