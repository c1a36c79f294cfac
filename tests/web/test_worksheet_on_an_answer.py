"""HAND asks for the worksheet once more: it is filled in on a page, with the answer."""

from typing import Any

import pytest

from helpdesk.extensions import db
from helpdesk.models.document import documents_of
from helpdesk.models.person import Person
from helpdesk.models.reading import How
from helpdesk.models.ticket import Ticket
from helpdesk.services import tickets
from tests import factories
from tests.factories import Cast
from tests.web.conftest import Visit
from tests.web.markup import Answer
from tests.web.signing_page import (
    ED,
    NAME,
    expired,
    links_mailed,
    newcomer_filed,
    newest_link,
    renewal,
    sign,
)
from tests.web.visitor import Visitor
from tests.web.worksheet_page import BACK, DONE, FILL_IN, courses, lately, press
from workflows.engine import Refused
from workflows.papers import NEW_USER_WORKSHEET
from workflows.papers import RECERTIFICATION_WORKSHEET as WORKSHEET

SCORE = "sheet-course_basic_privacy.score"


@pytest.fixture
def ann(cast: Cast) -> Person:
    return expired(cast)


@pytest.fixture
def dana(cast: Cast, visit: Visit) -> Visitor:
    return visit(cast.admin)


@pytest.fixture
def asked(cast: Cast, ann: Person, dana: Visitor, stranger: Visitor) -> Ticket:
    """Signed by all; HAND wants the worksheet done again."""
    renewal(dana, ann, cast.admin.name, **{SCORE: "81"})
    ticket = db.session.query(Ticket).one()
    sign(stranger, newest_link(ann.email or ""), ann.name)
    tickets.act(ticket.id, "take", cast.sam)
    words: dict[str, Any] = {"message": "Please look at the dates again.", "papers": [WORKSHEET]}
    return tickets.act(ticket.id, "ask_for_more", cast.sam, words)


def opened(dana: Visitor, asked: Ticket) -> Answer:
    page = dana.get(f"/tickets/{asked.id}/answer")
    return press(dana, page, FILL_IN, WORKSHEET, message="Here it is.")


def test_the_page_shows_what_stood_there_and_asks_for_the_signatures(
    asked: Ticket, ann: Person, dana: Visitor
) -> None:
    page = opened(dana, asked)
    standing = page.form_with("key").values()
    assert standing[SCORE] == "81"
    assert standing["sheet-course_basic_privacy.day"] == lately()
    assert standing[NAME] == ""
    assert f"Ask {ann.name} by email" in page.words


def test_it_goes_with_the_answer_and_approving_waits_for_the_signature(
    asked: Ticket, ann: Person, cast: Cast, dana: Visitor, stranger: Visitor
) -> None:
    page = opened(dana, asked)
    dates = courses(page, ago=12)
    form = press(dana, page, DONE, **{**dates, NAME: cast.admin.name})
    assert form.form_with("message").values()["message"] == "Here it is."
    sent = press(dana, form, "")
    assert sent.status == 200, sent.words
    db.session.expire_all()
    assert db.session.get_one(Ticket, asked.id).state == "in_review"
    sheets = [each for each in documents_of(db.session(), asked.id) if each.kind == WORKSHEET]
    assert [sheet.reading.how for sheet in sheets if sheet.reading] == [How.WEB, How.WEB]
    assert len(links_mailed()[ann.email or ""]) == 2
    with pytest.raises(Refused, match="has not signed as the user yet"):
        tickets.act(asked.id, "approve", cast.sam)
    signed = sign(stranger, newest_link(ann.email or ""), ann.name)
    assert "You have signed" in signed.words
    assert tickets.act(asked.id, "approve", cast.sam).state == "approved"


def test_what_is_wrong_stands_at_the_input_and_nothing_typed_is_lost(
    asked: Ticket, cast: Cast, dana: Visitor
) -> None:
    page = opened(dana, asked)
    faulty = press(dana, page, DONE, **{**courses(page, ago=500), NAME: cast.admin.name})
    assert faulty.title.startswith("Error: ")
    assert "so it has to be taken again" in faulty.words
    form = press(dana, faulty, BACK)
    assert form.form_with("message").values()["message"] == "Here it is."


def test_there_is_no_other_worksheet_and_none_for_strangers(
    asked: Ticket, dana: Visitor, visit: Visit
) -> None:
    page = dana.get(f"/tickets/{asked.id}/answer")
    assert press(dana, page, FILL_IN, NEW_USER_WORKSHEET).status == 404
    other = visit(factories.admin(factories.agency()))
    assert other.get(f"/tickets/{asked.id}/answer").status == 404


def test_a_newcomers_worksheet_is_done_again_as_it_was(
    cast: Cast, dana: Visitor, stranger: Visitor
) -> None:
    newcomer_filed(dana, cast.admin.name)
    ticket = db.session.query(Ticket).one()
    sign(stranger, newest_link("ed@harbor.example"), "Ed Moss")
    sign(stranger, newest_link("nils.acker@harbor.example"), "Nils Acker")
    tickets.act(ticket.id, "take", cast.sam)
    words: dict[str, Any] = {"message": "Once more, please.", "papers": [NEW_USER_WORKSHEET]}
    tickets.act(ticket.id, "ask_for_more", cast.sam, words)
    page = dana.get(f"/tickets/{ticket.id}/answer")
    page = press(dana, page, FILL_IN, NEW_USER_WORKSHEET, message="Here it is.")
    standing = page.form_with("key").values()
    assert (standing["sheet-title"], standing["sheet-level"]) == ("Case manager", "case_manager_1")
    assert standing["sheet-agreement_on"] == lately()
    form = press(dana, page, DONE, **ED, **{NAME: cast.admin.name})
    press(dana, form, "")
    db.session.expire_all()
    assert db.session.get_one(Ticket, ticket.id).state == "in_review"
    assert len(links_mailed()["ed@harbor.example"]) == 2
    staff = sign(stranger, newest_link("nils.acker@harbor.example"), "Nils Acker")
    assert "You have signed" in staff.words
    sheet = documents_of(db.session(), ticket.id)[-1]
    assert sheet.reading is not None
    assert sheet.reading.texts["user.where"] == "typed_link"
