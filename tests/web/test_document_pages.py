"""A document looked at page by page, over HTTP."""

import io
import re

import pytest
from flask import Flask
from PIL import Image

from helpdesk.services import documents, drafts
from helpdesk.transaction import transaction
from tests import factories
from tests.support.papers import docx, page, pdf
from tests.web.conftest import Visit
from tests.web.test_documents import fetch
from tests.web.visitor import Visitor
from workflows.papers import OTHER

KEY = "a-form-of-these-pages"


def attached(cast: factories.Cast, name: str, content: bytes) -> int:
    ticket = factories.ticket(by=cast)
    owner = cast.admin.person_id or 0
    drafts.add(owner, KEY, OTHER, name, io.BytesIO(content))
    with transaction() as session:
        (document,) = documents.attach(session, ticket.id, owner, KEY)
    return document.id


def images(text: str) -> list[str]:
    return re.findall(r'<img src="([^"]+)"', text)


def test_a_document_is_shown_as_pictures_of_its_pages(
    cast: factories.Cast, visit: Visit
) -> None:
    dana = visit(cast.admin)
    shown = dana.get(f"/documents/{attached(cast, 'Agreement.pdf', page('Signed'))}/view")
    assert "Page 1 of 1" in shown.words
    (url,) = images(shown.text)
    answer = fetch(dana, url)
    assert (answer.status_code, answer.mimetype) == (200, "image/png")
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert Image.open(io.BytesIO(answer.data)).width == 1400
    again = fetch(dana, url, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_who_may_not_see_it_any_more_is_not_told_that_it_is_unchanged(
    cast: factories.Cast, visit: Visit
) -> None:
    url = f"/documents/{attached(cast, 'Agreement.pdf', page('Signed'))}/pages/1.png"
    tag = fetch(visit(cast.admin), url).headers["ETag"]
    stranger = visit(factories.admin(factories.agency()))
    assert fetch(stranger, url, headers={"If-None-Match": tag}).status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [("a.docx", docx(), "A Word file can’t be shown here."), ("a.pdf", pdf(), "It is damaged")],
    ids=["Word", "PDF"],
)
def test_what_cannot_be_shown_is_told_and_can_be_downloaded(
    name: str, content: bytes, words: str, cast: factories.Cast, visit: Visit
) -> None:
    dana, url = visit(cast.admin), f"/documents/{attached(cast, name, content)}"
    shown = dana.get(f"{url}/view")
    assert shown.status == 200
    assert words in shown.words
    assert images(shown.text) == []
    assert f'href="{url}"' in shown.text
    answer = fetch(dana, f"{url}/pages/1.png")
    assert answer.status_code == 302
    assert "no-page.svg" in answer.headers["Location"]
    assert fetch(dana, answer.headers["Location"]).status_code == 200


@pytest.mark.parametrize("number", ["0", "2", "99999999999", "-1", "x"])
def test_there_is_no_page_but_those_there_are(
    number: str, cast: factories.Cast, visit: Visit
) -> None:
    url = f"/documents/{attached(cast, 'Agreement.pdf', page('Signed'))}/pages/{number}.png"
    assert visit(cast.admin).get(url).status == 404


def test_a_ticket_leads_to_the_pages_of_what_has_some(
    cast: factories.Cast, visit: Visit, app: Flask
) -> None:
    ticket = factories.ticket(by=cast)
    owner = cast.admin.person_id or 0
    for name, content in (("Signed.pdf", page("Signed")), ("Letter.docx", docx())):
        drafts.add(owner, KEY, OTHER, name, io.BytesIO(content))
    with transaction() as session:
        documents.attach(session, ticket.id, owner, KEY)
    for visitor in (visit(cast.admin), Visitor(app).sign_in(cast.sam.person_id)):
        shown = visitor.get(f"/tickets/{ticket.id}")
        assert "View Signed.pdf" in shown.words
        assert "View Letter.docx" not in shown.words
