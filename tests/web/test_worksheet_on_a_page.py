"""A worksheet is filled in on a page, signed there, and put to the request as a document."""

import io
from datetime import timedelta
from typing import Any

import pypdf
import pytest
from flask import Flask

from helpdesk.extensions import db, now
from helpdesk.models.document import Document, documents_of
from helpdesk.models.person import Person
from helpdesk.models.reading import How
from helpdesk.models.sheet_draft import SheetDraft
from helpdesk.models.ticket import Ticket
from helpdesk.models.web_session import Proof
from helpdesk.services import documents
from helpdesk.services.facts import today
from tests import factories
from tests.factories import Cast
from tests.support.fakes import FakeClock
from tests.support.papers import pdf
from tests.web.conftest import Visit
from tests.web.markup import Answer
from tests.web.signing_page import expired
from tests.web.visitor import Visitor
from tests.web.worksheet_page import (
    BACK,
    DONE,
    FILL_IN,
    SEND,
    courses,
    lately,
    opened,
    opened_for_newcomer,
    press,
    signed_page,
)
from workflows import license as life
from workflows.papers import AGREEMENT_AND_ETHICS, NEW_USER_WORKSHEET, OTHER
from workflows.papers import RECERTIFICATION_WORKSHEET as WORKSHEET

NAME = "sheet-admin.signature"
DAY, SCORE = "sheet-course_basic_privacy.day", "sheet-course_basic_privacy.score"


@pytest.fixture
def ann(cast: Cast) -> Person:
    return expired(cast)


@pytest.fixture
def dana(cast: Cast, visit: Visit) -> Visitor:
    return visit(cast.admin)


def everything(page: Answer, name: str) -> dict[str, Any]:
    on_paper = {f"sheet-{who}.how": "page" for who in ("user", "director")}
    return {**courses(page), **on_paper, NAME: name, "sheet-pages": signed_page()}


def only_ticket() -> Ticket:
    return db.session.query(Ticket).one()


def drafts_there() -> list[Document]:
    return db.session.query(Document).filter(Document.form_key.is_not(None)).all()


def words_of(document: Document) -> str:
    with documents.store().open(document.sha256) as file:
        pages = pypdf.PdfReader(io.BytesIO(file.read())).pages
        return " ".join(page.extract_text() for page in pages)


def test_it_is_filled_in_signed_and_sent(cast: Cast, ann: Person, dana: Visitor) -> None:
    page = opened(dana, ann, note="She is back on Monday.")
    assert ann.name in page.words
    form = press(dana, page, DONE, **everything(page, cast.admin.name) | {SCORE: "92"})
    assert f"User License Recertification Worksheet {ann.name}.pdf" in form.words
    assert "The worksheet is attached." in form.words
    assert form.form_with("note").values()["course_basic_privacy"] == lately()
    sent = press(dana, form, SEND)
    assert "HD-" in sent.title
    ticket = only_ticket()
    assert ticket.fields["note"] == "She is back on Monday."
    signed, sheet = documents_of(db.session(), ticket.id)
    assert (signed.kind, sheet.kind) == (OTHER, WORKSHEET)
    assert sheet.reading is not None
    assert (sheet.reading.how, sheet.reading.fault) == (How.WEB, None)
    assert sheet.reading.texts["admin.signature"] == cast.admin.name
    assert sheet.reading.texts["admin.signed_on"] == today().isoformat()
    assert sheet.reading.texts["course1.score"] == "92"
    told = words_of(sheet)
    assert cast.admin.name in told
    assert f"{today().month}/{today().day}/{today().year}" in told
    assert lately() not in told
    assert "Signed electronically, signed in as" in told
    assert "On a page that is attached." in told


def test_what_is_wrong_stands_at_the_input_with_all_that_was_typed(
    cast: Cast, ann: Person, dana: Visitor
) -> None:
    page = opened(dana, ann)
    typed = courses(page) | {DAY: lately(500), NAME: cast.admin.name, "sheet-user.how": "page"}
    faulty = press(dana, page, DONE, **typed)
    assert faulty.title.startswith("Error: ")
    assert "so it has to be taken again" in faulty.words
    assert "Add the page that the user signed." in faulty.words
    assert {DAY, "sheet-pages"} == {
        name for name in faulty.form_with("key").fields if f'id="{name}-error"' in faulty.text
    }
    standing = faulty.form_with("key").values()
    assert {name: standing[name] for name in typed} == typed
    assert drafts_there() == []


def test_a_course_without_its_score_is_sent_and_hand_has_to_look(
    cast: Cast, ann: Person, dana: Visitor
) -> None:
    page = opened(dana, ann)
    form = press(dana, page, DONE, **everything(page, cast.admin.name) | {SCORE: ""})
    assert "Basic Privacy & Security has no score on the worksheet" in form.words
    assert "HD-" in press(dana, form, SEND).title


def test_who_signs_on_paper_finds_the_worksheet_there(ann: Person, dana: Visitor) -> None:
    page = opened(dana, ann)
    assert f'href="/worksheets/recertification?person={ann.id}"' in page.text


@pytest.mark.parametrize("name", ["", "Ann Number 1", "x"])
def test_nobody_signs_with_another_name(
    name: str, cast: Cast, ann: Person, dana: Visitor
) -> None:
    page = opened(dana, ann)
    refused = press(dana, page, DONE, **everything(page, name))
    assert f'id="{NAME}-error"' in refused.text
    assert cast.admin.name in refused.words
    assert [draft.kind for draft in drafts_there()] == [OTHER]


def test_half_filled_in_it_waits_without_its_signature(
    cast: Cast, ann: Person, dana: Visitor
) -> None:
    page = opened(dana, ann)
    form = press(dana, page, BACK, **{SCORE: "88", DAY: lately(9), NAME: cast.admin.name})
    assert form.form_with("note").values()["course_basic_privacy"] == lately(9)
    assert drafts_there() == []
    again = press(dana, form, FILL_IN, WORKSHEET, course_basic_privacy=lately(8))
    standing = again.form_with("key").values()
    assert (standing[SCORE], standing[DAY], standing[NAME]) == ("88", lately(8), "")


def test_what_is_typed_is_forgotten_after_a_day(
    app: Flask, monkeypatch: pytest.MonkeyPatch, ann: Person, dana: Visitor
) -> None:
    press(dana, opened(dana, ann), BACK, **{SCORE: "88"})
    documents.tidy()
    assert db.session.query(SheetDraft).count() == 1
    monkeypatch.setitem(app.extensions, "clock", FakeClock(now() + timedelta(hours=25)))
    documents.tidy()
    assert db.session.query(SheetDraft).count() == 0


def test_filled_in_once_more_there_is_one_worksheet(
    cast: Cast, ann: Person, dana: Visitor
) -> None:
    page = opened(dana, ann)
    form = press(dana, page, DONE, **everything(page, cast.admin.name))
    again = press(dana, form, FILL_IN, WORKSHEET)
    assert "signed.png" in again.words
    press(dana, again, DONE, **{NAME: cast.admin.name, SCORE: "95"})
    (sheet,) = (draft for draft in drafts_there() if draft.kind == WORKSHEET)
    assert sheet.reading is not None
    assert sheet.reading.texts["course1.score"] == "95"


def test_without_the_signed_page_it_is_not_sent(cast: Cast, ann: Person, dana: Visitor) -> None:
    page = opened(dana, ann)
    form = press(dana, page, DONE, **everything(page, cast.admin.name))
    (signed,) = (draft for draft in drafts_there() if draft.kind == OTHER)
    without = press(dana, form, "remove-document", str(signed.id))
    refused = press(dana, without, SEND)
    assert "Attach the page with the signatures that the worksheet lacks." in refused.words
    assert db.session.query(Ticket).count() == 0


def test_who_files_for_themselves_signs_as_the_user(
    app: Flask, ann: Person
) -> None:
    page = opened(Visitor(app).sign_in(ann.id, Proof.LINK), ann)
    names = set(page.form_with("key").fields)
    assert "sheet-user.signature" in names
    assert NAME not in names
    assert "sheet-admin.name" in names


def test_whom_to_ask_comes_first_and_is_chosen_where_there_is_one(
    app: Flask, ann: Person, cast: Cast
) -> None:
    page = opened(Visitor(app).sign_in(ann.id, Proof.LINK), ann)
    form = page.form_with("key")
    assert form.values()["sheet-admin.asked"] == str(cast.admin.person_id)
    names = list(form.fields)
    assert names.index("sheet-admin.asked") < names.index("sheet-admin.name")
    assert page.words.count("I completed these courses myself") == 1


def test_staff_sign_nothing(cast: Cast, ann: Person, visit: Visit) -> None:
    page = opened(visit(cast.sam), ann)
    assert not any(name.endswith(".signature") for name in page.form_with("key").fields)
    assert "Put it to the request" in page.words


def test_of_strangers_and_of_other_papers_there_is_no_worksheet(
    dana: Visitor, ann: Person
) -> None:
    other = factories.licensee(life.EXPIRED, of=factories.agency())
    page = opened(dana, ann)
    values = page.form_with("key").values() | {FILL_IN: WORKSHEET}
    assert dana.post(page.path, values).status == 200
    assert dana.post(page.path.replace(f"={ann.id}", f"={other.id}"), values).status == 404
    for paper in (NEW_USER_WORKSHEET, OTHER, "", "x"):
        values |= {FILL_IN: paper, "sheet-paper": paper}
        assert dana.post(page.path, values).status == 404


def test_a_newcomers_worksheet_fills_in_the_request(cast: Cast, dana: Visitor) -> None:
    page = opened_for_newcomer(dana, first_name="Nils")
    assert page.form_with("key").values()["sheet-first_name"] == "Nils"
    assert cast.agency.name in page.words
    typed = {
        "sheet-first_name": "Niels", "sheet-last_name": "Acker", "sheet-title": "Case manager",
        "sheet-email": "nils.acker@harbor.example", "sheet-employment": "employee",
        "sheet-supervisor": "Robin Ames", "sheet-supervisor_email": "robin@harbor.example",
        "sheet-provider": "Harbor House – Shelter", "sheet-level": "case_manager_1",
        "sheet-earlier_access": "No", "sheet-agreement_on": lately(), "sheet-ethics_on": lately(),
    }  # fmt: skip
    form = press(dana, page, DONE, **typed | everything(page, cast.admin.name))
    standing = form.form_with("first_name").values()
    assert (standing["first_name"], standing["access_level"]) == ("Niels", "case_manager_1")
    assert standing["had_access"] == "No"
    agreement: Any = {f"document-{AGREEMENT_AND_ETHICS}": (io.BytesIO(pdf()), "agreement.pdf")}
    sent = press(dana, form, SEND, **agreement)
    assert "HD-" in sent.title, sent.words
    (sheet,) = (each for each in documents_of(db.session(), only_ticket().id)
                if each.kind == NEW_USER_WORKSHEET)  # fmt: skip
    assert sheet.reading is not None
    assert sheet.reading.texts["level.case_manager_1"] == "x"
    assert "level.case_manager_2" not in sheet.reading.texts
