"""Documents over HTTP: who gets them and how, what is said of those that are not taken."""

import io
import re
from collections.abc import Iterator
from contextvars import Context
from typing import Any
from urllib.parse import unquote

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from helpdesk.extensions import db
from helpdesk.models.document import documents_of
from helpdesk.models.person import Person
from helpdesk.models.web_session import Proof
from helpdesk.routes import RULES
from helpdesk.services import documents, drafts
from helpdesk.transaction import release, transaction
from helpdesk.views import uploads
from tests import factories
from tests.helpdesk.hostile_files import GOOD, HOSTILE
from tests.support.apps import MakeApp
from tests.support.papers import docx, jpeg, pdf, png
from tests.web import trial_form
from tests.web.conftest import Visit
from tests.web.markup import Answer
from tests.web.trial_form import KEY, PATH
from tests.web.visitor import Visitor, answer
from workflows.license import ACTIVE
from workflows.papers import (
    AGREEMENT_AND_ETHICS,
    CODE_OF_ETHICS,
    NEW_USER_WORKSHEET,
    OTHER,
    USER_AGREEMENT,
)

NAMES = (
    "Agreement.pdf", "my file; x=1.pdf", "it's 100% “done”, yes.pdf", "a, b.pdf", "Ünïcödé.pdf",
    "合同 协议.pdf", "עברית ונספח.pdf", "نامه‌ها.pdf", "👩‍👩‍👧 signed 🖊️.pdf", "=cmd.pdf", "𝕌.pdf",
)  # fmt: skip


@pytest.fixture
def trial(make_app: MakeApp, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    for endpoint, rule in trial_form.rules().items():
        monkeypatch.setitem(RULES, endpoint, rule)
    monkeypatch.setattr(uploads, "MANY", uploads.MANY | {trial_form.ENDPOINT})
    app = trial_form.build_into(make_app(DOCUMENT_MAX_BYTES=100_000, DOCUMENTS_PER_TICKET=5))
    with app.app_context():
        yield app


def fetch(visitor: Visitor, path: str, **more: Any) -> TestResponse:
    """A request with an app context of its own; the answer is read to its end."""
    response = Context().run(visitor.client.open, path, buffered=True, **more)
    release()
    return response


def post(visitor: Visitor, path: str, data: dict[str, Any]) -> TestResponse:
    return fetch(visitor, path, method="POST", data=data)


def token(visitor: Visitor) -> str:
    return visitor.get("/requests/new").form_with("csrf_token").fields["csrf_token"].value


def upload(visitor: Visitor, name: str, content: bytes, **other: str) -> TestResponse:
    data = {"key": KEY, "kind": OTHER, "csrf_token": token(visitor), **other}
    file = (io.BytesIO(content), name)
    return post(visitor, "/documents/drafts", {**data, "file": file})


def attached(cast: factories.Cast, name: str = "Agreement.pdf", about: Person | None = None) -> int:
    ticket = factories.ticket(by=cast, about=about)
    owner = cast.admin.person_id or 0
    drafts.add(owner, KEY, OTHER, name, io.BytesIO(pdf()))
    with transaction() as session:
        (document,) = documents.attach(session, ticket.id, owner, KEY)
    return document.id


def test_the_script_is_told_what_has_been_kept(cast: factories.Cast, visit: Visit) -> None:
    dana = visit(cast.admin)
    reply = upload(dana, "../My agreement.PDF", pdf())
    assert reply.status_code == 201
    told = reply.get_json()
    assert (told["name"], told["type"], told["kind"]) == ("My agreement.PDF", "PDF", OTHER)
    assert told["kind_label"] == "Something else"
    assert fetch(dana, told["url"]).data == pdf()
    removed = post(dana, told["remove"], {"csrf_token": token(dana)})
    assert removed.get_json() == {"removed": told["id"]}
    assert fetch(dana, told["url"]).status_code == 404
    again = post(dana, told["remove"], {"csrf_token": token(dana)})
    assert again.status_code == 404


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_upload_gets_its_sentence(what: str, cast: factories.Cast, visit: Visit) -> None:
    name, content, words = HOSTILE[what]
    reply = upload(visit(cast.admin), name, content)
    assert reply.status_code == 422
    assert words in reply.get_json()["sentence"]
    assert drafts.on_form(db.session(), cast.admin.person_id or 0, KEY) == []


@pytest.mark.parametrize("what", GOOD)
def test_a_good_upload_comes_back_byte_for_byte(
    what: str, cast: factories.Cast, visit: Visit
) -> None:
    dana = visit(cast.admin)
    reply = upload(dana, *GOOD[what])
    assert reply.status_code == 201
    assert fetch(dana, reply.get_json()["url"]).data == GOOD[what][1]


@pytest.mark.parametrize(
    "other", [{"kind": "x"}, {"kind": ""}, {"key": ""}, {"key": "a\0b" * 9}, {"key": "x" * 4000}]
)
def test_an_upload_that_belongs_nowhere_is_refused(
    other: dict[str, str], cast: factories.Cast, visit: Visit
) -> None:
    assert upload(visit(cast.admin), "a.pdf", pdf(), **other).status_code == 422


@pytest.mark.parametrize("name", NAMES)
def test_a_download_has_the_right_name_in_any_script(
    name: str, cast: factories.Cast, visit: Visit
) -> None:
    reply = fetch(visit(cast.admin), f"/documents/{attached(cast, name)}")
    disposition = reply.headers["Content-Disposition"]
    assert disposition.isascii()
    assert disposition.startswith("attachment;")
    assert filename(disposition) == name


def filename(disposition: str) -> str:
    """As RFC 6266 reads it: the star wins."""
    _, star, encoded = disposition.partition("filename*=UTF-8''")
    if star:
        return unquote(encoded)
    bare = disposition.partition("filename=")[2]
    return bare.strip('"') if bare.startswith('"') else bare


@pytest.mark.parametrize("name", ['a"b.pdf', "a\r\nX-Evil: 1.pdf", "a\\b.pdf", "a\u202efdp.pdf"])
def test_no_name_breaks_out_of_its_header(name: str, cast: factories.Cast, visit: Visit) -> None:
    reply = fetch(visit(cast.admin), f"/documents/{attached(cast, name)}")
    assert reply.status_code == 200
    assert "X-Evil" not in reply.headers
    assert len(reply.headers.getlist("Content-Disposition")) == 1
    assert not set(filename(reply.headers["Content-Disposition"])) & set('"\\\r\n\u202e')


def test_a_download_can_do_nothing_in_a_browser(cast: factories.Cast, visit: Visit) -> None:
    headers = fetch(visit(cast.admin), f"/documents/{attached(cast)}").headers
    assert headers["Content-Type"] == "application/pdf"
    assert headers["Content-Length"] == str(len(pdf()))
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert {"sandbox", "default-src 'none'"} <= set(headers["Content-Security-Policy"].split("; "))
    assert headers["Cache-Control"] == "no-store"
    assert "ETag" not in headers


def test_a_document_is_for_those_who_may_see_its_ticket(
    app: Flask, cast: factories.Cast, visit: Visit
) -> None:
    about, another = (factories.licensee(ACTIVE, of=cast.agency) for _ in range(2))
    url = f"/documents/{attached(cast, about=about)}"
    for actor in (cast.admin, cast.sam, factories.staff(manager=True)):
        assert fetch(visit(actor), url).status_code == 200
    assert fetch(Visitor(app).sign_in(about.id, Proof.LINK), url).status_code == 200
    for visitor in (visit(factories.admin(factories.agency())), Visitor(app).sign_in(another.id)):
        assert visitor.get(url).status == 404
    neighbor = visit(factories.admin(factories.agency()))
    assert neighbor.get(url).text == neighbor.get("/documents/999999").text
    stranger = fetch(Visitor(app), url)
    assert (stranger.status_code, stranger.headers["Location"].partition("?")[0]) == (
        302, "/sign-in",
    )  # fmt: skip


def test_a_draft_is_for_its_owner_alone(cast: factories.Cast, visit: Visit) -> None:
    told = upload(visit(cast.admin), "a.pdf", pdf()).get_json()
    for actor in (cast.sam, factories.admin(cast.agency)):
        visitor = visit(actor)
        assert visitor.get(told["url"]).status == 404
        assert visitor.post(told["remove"], {"csrf_token": token(visitor)}).status == 404


def test_a_file_that_is_lost_or_damaged_is_told_so(cast: factories.Cast, visit: Visit) -> None:
    url, dana = f"/documents/{attached(cast)}", visit(cast.admin)
    (path,) = (p for p in documents.store().folder.rglob("*") if p.is_file())
    path.write_bytes(pdf("something else"))
    page = dana.get(url)
    assert page.status == 500
    assert "its file is missing or damaged" in page.words
    path.unlink()
    assert "its file is missing or damaged" in dana.get(url).words


def send(visitor: Visitor, files: dict[str, list[tuple[str, bytes]]], **typed: str) -> Answer:
    given = {"key": KEY, "csrf_token": token(visitor)} | typed
    sent = {
        f"document-{kind}": [(io.BytesIO(content), name) for name, content in each]
        for kind, each in files.items()
    }
    return answer(post(visitor, PATH, {**given, **sent}))


@pytest.fixture
def dana(trial: Flask) -> Visitor:
    return Visitor(trial).sign_in(factories.cast().admin.person_id)


def test_what_came_with_a_form_that_has_errors_is_kept_and_listed(dana: Visitor) -> None:
    page = send(dana, {
        NEW_USER_WORKSHEET: [("Worksheet.docx", docx()), ("page 2.jpg", jpeg())],
        AGREEMENT_AND_ETHICS: [("both.pdf", pdf())],
        OTHER: [("IMG_1.HEIC", HOSTILE["HEIC"][1]), ("", b"")],
    })  # fmt: skip
    assert "Write a note." in page.words
    assert "One file was not taken “IMG_1.HEIC” is a HEIC photo." in page.words
    for line in ("Worksheet.docx Word", "page 2.jpg JPEG", "both.pdf PDF"):
        assert line in page.words
    assert page.text.count("doc-there") == 3
    assert send(dana, {}, note="Hello").text == "Sent"


def test_the_buttons_for_files_send_the_form_for_their_sake_alone(dana: Visitor) -> None:
    page = send(dana, {OTHER: [("a.png", png())]}, **{"add-documents": "1"}, note="Half a ")
    assert "a.png PNG" in page.words
    assert page.form_with("note").fields["note"].value == "Half a "
    (draft,) = re.findall(r'name="remove-document" value="(\d+)"', page.text)
    page = send(dana, {}, **{"remove-document": draft}, note="Half a ")
    assert "a.png" not in page.words
    assert page.form_with("note").fields["note"].value == "Half a "
    assert "Write a note." not in send(dana, {}, **{"add-documents": "1"}).words


@pytest.mark.parametrize("junk", ["", "x", "-1", "9" * 40, "²", "999999"])
def test_nonsense_to_remove_removes_nothing(junk: str, dana: Visitor) -> None:
    send(dana, {OTHER: [("a.png", png())]})
    page = send(dana, {}, **{"remove-document": junk})
    assert page.status == 200
    assert "a.png PNG" in page.words


def test_one_file_can_bring_two_papers(dana: Visitor) -> None:
    page = send(dana, {AGREEMENT_AND_ETHICS: [("both.pdf", pdf())]})
    assert page.text.count("doc-there") == 2
    page = send(dana, {USER_AGREEMENT: [("one.pdf", pdf("1"))],
                              CODE_OF_ETHICS: [("two.pdf", pdf("2"))]})  # fmt: skip
    assert page.text.count("doc-there") == 2


def test_a_file_of_a_kind_that_was_not_asked_for_is_not_kept(dana: Visitor) -> None:
    page = send(dana, {"recertification_worksheet": [("a.pdf", pdf())],
                              "nonsense": [("b.pdf", pdf())]})  # fmt: skip
    assert "a.pdf" not in page.words
    assert "b.pdf" not in page.words


def send_much(visitor: Visitor, path: str) -> TestResponse:
    """Two megabytes, as a browser would announce them."""
    multipart = "multipart/form-data; boundary=x"
    return fetch(visitor, path, method="POST", data=bytes(2_000_000), content_type=multipart)


def test_far_too_much_at_once_is_refused_kindly(dana: Visitor) -> None:
    page = answer(send_much(dana, PATH))
    assert page.status == 413
    assert "A file can have 98 KB, and a request 5 files." in page.words
    assert "what you typed is still there" in page.words
    reply = send_much(dana, "/documents/drafts")
    assert reply.status_code == 413
    assert "A file can have 98 KB" in reply.get_json()["sentence"]


def test_a_stranger_cannot_send_much(stranger: Visitor) -> None:
    for path in ("/documents/drafts", "/requests/new/request_new_password"):
        assert send_much(stranger, path).status_code == 413


def test_names_are_escaped_wherever_they_are_listed(trial: Flask) -> None:
    name = "<img src=x onerror=alert(1)>&amp;{{7*7}}.png"
    cast = factories.cast()
    ticket = factories.ticket(by=cast)
    visitor = Visitor(trial).sign_in(cast.admin.person_id)
    page = send(visitor, {OTHER: [(name, png())]})
    with transaction() as session:
        documents.attach(session, ticket.id, cast.admin.person_id or 0, KEY)
    listed = visitor.get(f"{PATH}/{ticket.id}")
    (document,) = documents_of(db.session(), ticket.id)
    for shown in (page, listed):
        assert "<img" not in shown.text
        assert document.name in shown.words
    assert f"{cast.admin.name} , Today" in listed.words
    assert "Something else PNG, " in listed.words
