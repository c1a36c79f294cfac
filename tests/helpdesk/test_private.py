"""What looks like a client's in a document is warned of, and nothing else is."""

import io
from typing import Any

import pypdf
import pytest
from flask.ctx import AppContext

from helpdesk.documents.private import look
from helpdesk.documents.types import PDF, PNG, WORD
from helpdesk.extensions import db
from helpdesk.services import documents, drafts
from helpdesk.transaction import transaction
from tests import factories
from tests.support import worksheets
from tests.support.papers import docx, page, pdf, png
from tests.web.visitor import Visitor
from workflows.papers import OTHER
from workflows.worksheets import NEW_USER, RECERTIFICATION

SSNS = ("123-45-6789", "SSN 123 45 6789", "Ssn: 123456789", "Social Security No. 123456789")
NONE = (
    "313-555-0142", "000-12-3456", "666-12-3456", "900-12-3456", "123-00-4567", "123-45-0000",
    "1123-45-6789", "123-45-67890", "12-345-6789", "123456789", "48226-1234", "2026-11-25", "",
)  # fmt: skip


@pytest.mark.parametrize("text", SSNS)
def test_a_number_that_looks_like_an_ssn_is_found(text: str) -> None:
    assert look(page("Intake", f"Client {text}."), PDF.content_type, 10).private is True
    assert look(docx(text=f"<w:p>{text}</w:p>"), WORD.content_type, 10).private is True


@pytest.mark.parametrize("text", NONE)
def test_other_numbers_are_none(text: str) -> None:
    assert look(page(f"No {text}."), PDF.content_type, 10).private is False
    assert look(docx(text=f"<w:p>{text}</w:p>"), WORD.content_type, 10).private is False


def test_a_number_that_word_has_cut_in_pieces_is_put_together() -> None:
    cut = "<w:p><w:r><w:t>123-4</w:t></w:r><w:r><w:t>5-6789</w:t></w:r></w:p>"
    apart = "<w:p>123-45-</w:p><w:p>6789</w:p>"
    assert look(docx(text=cut), WORD.content_type, 10).private is True
    assert look(docx(text=apart), WORD.content_type, 10).private is False


def test_what_is_filled_into_a_form_is_looked_at_too() -> None:
    data = worksheets.filled(RECERTIFICATION, {"admin.name": "123-45-6789"})
    assert look(data, PDF.content_type, 10).private is True
    assert look(worksheets.filled(NEW_USER), PDF.content_type, 10).private is False


def test_of_what_no_program_reads_nothing_is_said() -> None:
    assert look(png(), PNG.content_type, 10).private is None
    assert look(pdf(), PDF.content_type, 10).private is False
    assert look(locked(page("123-45-6789")), PDF.content_type, 10).private is False


def locked(data: bytes) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(data))
    writer.encrypt("a password")
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def test_sender_and_staff_are_warned_and_nothing_is_blocked(
    app_context: AppContext, app: Any
) -> None:
    cast = factories.cast()
    ticket, owner = factories.ticket(by=cast), cast.admin.person_id or 0
    content = io.BytesIO(page("Client", "123-45-6789"))
    draft = drafts.add(owner, "a-form-with-a-client", OTHER, "Note.pdf", content)
    assert draft.looks_private is True
    with transaction() as session:
        documents.attach(session, ticket.id, owner, "a-form-with-a-client")
    for actor in (cast.admin, cast.sam):
        shown = Visitor(app).sign_in(actor.person_id).get(f"/tickets/{ticket.id}")
        assert "Something in it looks like an SSN." in shown.words
    assert db.session.get_one(type(draft), draft.id).ticket_id == ticket.id
