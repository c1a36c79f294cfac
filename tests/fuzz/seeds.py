"""The good documents that are changed."""

from helpdesk.documents.types import JPEG, PDF, PNG, WORD
from tests.support import worksheets
from tests.support.nasty_others import picture, turned
from tests.support.papers import docx, page
from workflows.worksheets import NEW_USER, RECERTIFICATION

SEEDS = [
    ("form.pdf", PDF.content_type, worksheets.filled(RECERTIFICATION)),
    ("letter.docx", WORD.content_type, docx(text="<w:p>Client 123-45-6789</w:p>" * 20)),
    ("page.pdf", PDF.content_type, page("Agreement", "signed")),
    ("scan.png", PNG.content_type, picture("PNG", (120, 90))),
    ("flat.pdf", PDF.content_type, worksheets.flattened(worksheets.filled(NEW_USER))),
    ("photo.jpg", JPEG.content_type, turned(6)),
]
