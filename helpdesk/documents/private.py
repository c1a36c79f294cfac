"""Whether something in a document looks like a client's: an SSN. It is a warning, no proof."""

import json

from helpdesk.documents.types import PDF, WORD
from helpdesk.sandbox import run as sandbox

PROGRAM = "find_private.py"
KINDS = {PDF.content_type: "pdf", WORD.content_type: "word"}


def looks_private(data: bytes, content_type: str, most_pages: int) -> bool | None:
    """None for what no program can read, such as a picture."""
    if content_type not in KINDS:
        return None
    question = {"type": KINDS[content_type], "most": most_pages}
    try:
        return bool(json.loads(sandbox.run(PROGRAM, question, data))["found"])
    except sandbox.Unreadable:
        return None
