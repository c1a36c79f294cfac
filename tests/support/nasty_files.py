"""All traps together: the name of a file, what makes its content, and its content type."""

from helpdesk.documents.types import JPEG, PDF, PNG, WORD
from tests.support.nasty_others import NASTY_JPEGS, NASTY_PNGS, NASTY_WORDS
from tests.support.nasty_pdfs import NASTY_PDFS

NASTY = {
    f"{kind.label}: {what}": (f"Agreement{kind.suffixes[0]}", make, kind.content_type)
    for kind, files in (
        (PDF, NASTY_PDFS), (WORD, NASTY_WORDS), (PNG, NASTY_PNGS), (JPEG, NASTY_JPEGS))
    for what, make in files.items()
}  # fmt: skip
