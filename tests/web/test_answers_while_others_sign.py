"""A request waits for others to sign: what an answer to it brings, and what is no answer."""

import io
from typing import Any

import pytest

from helpdesk.extensions import db
from helpdesk.models.event import history
from helpdesk.models.person import Person
from helpdesk.models.signature_request import SignatureRequest
from helpdesk.models.ticket import Ticket
from helpdesk.services import tickets
from tests.factories import Cast
from tests.support.papers import pdf
from tests.web.conftest import Visit
from tests.web.signing_page import expired, newest_link, renewal, sign
from tests.web.test_signing_by_link import address_of, only_ticket, sheet_of, triggers
from tests.web.visitor import Visitor
from tests.web.worksheet_page import press, signed_page
from workflows.papers import RECERTIFICATION_WORKSHEET


@pytest.fixture
def ann(cast: Cast) -> Person:
    return expired(cast)


@pytest.fixture
def dana(cast: Cast, visit: Visit) -> Visitor:
    return visit(cast.admin)


@pytest.fixture
def renewed(cast: Cast, ann: Person, dana: Visitor) -> Ticket:
    """Filed by her admin, who has signed; Ann is asked by email."""
    sent = renewal(dana, ann, cast.admin.name)
    assert "HD-" in sent.title, sent.words
    return only_ticket()


def test_words_alone_are_no_answer_while_others_have_to_sign(
    renewed: Ticket, ann: Person, dana: Visitor
) -> None:
    page = dana.get(f"/tickets/{renewed.id}")
    assert f'formaction="/tickets/{renewed.id}/write"' in page.text
    words = {"message": "She is on leave until Monday."}
    told = press(dana, dana.get(f"/tickets/{renewed.id}/answer"), "", **words)
    assert 'id="on_page-error"' in told.text
    assert f"{ann.name} can still sign by email" in told.words
    assert "She is on leave until Monday." in told.text
    assert only_ticket().state == "waiting"
    dana.fill(f"/tickets/{renewed.id}/write", "message", **words)
    assert (only_ticket().state, triggers(renewed)[-1]) == ("waiting", "write")


def test_who_is_ticked_has_signed_a_page_that_is_attached(
    renewed: Ticket, dana: Visitor
) -> None:
    page = dana.get(f"/tickets/{renewed.id}/answer")
    told = press(dana, page, "", message="She signed a page.", on_page="user")
    assert "Attach the page that they signed." in told.words
    assert only_ticket().state == "waiting"


def test_a_page_that_nobody_signed_ends_no_link(
    renewed: Ticket, ann: Person, cast: Cast, dana: Visitor, stranger: Visitor
) -> None:
    tickets.act(renewed.id, "record_answer", cast.sam, {"message": "It comes."})
    tickets.act(renewed.id, "take", cast.sam)
    tickets.act(renewed.id, "ask_for_more", cast.sam, {"message": "Is she on leave?"})
    letter: Any = {"document-other": signed_page()}
    page = dana.get(f"/tickets/{renewed.id}/answer")
    press(dana, page, "", message="Yes: the letter.", **letter)
    assert triggers(renewed)[-1] == "answer"
    assert "You have signed" in sign(stranger, newest_link(address_of(ann)), ann.name).words


def test_an_answer_with_a_signed_page_ends_the_links(
    renewed: Ticket, ann: Person, dana: Visitor, stranger: Visitor
) -> None:
    page = dana.get(f"/tickets/{renewed.id}/answer")
    signed: Any = {"document-other": signed_page()}
    press(dana, page, "", message="She signed a page.", on_page="user", **signed)
    assert only_ticket().state == "in_review"
    gone = stranger.get(newest_link(address_of(ann)))
    assert (gone.status, "nothing to sign here any more" in gone.words) == (410, True)
    sheet = sheet_of(renewed)
    assert sheet.reading is not None
    assert sheet.reading.texts["user.where"] == "page"
    assert db.session.query(SignatureRequest).one().ended_at is not None


def test_a_signed_page_without_a_word_answers_nothing_that_hand_has_asked(
    renewed: Ticket, dana: Visitor
) -> None:
    page = dana.get(f"/tickets/{renewed.id}/answer")
    signed: Any = {"document-other": signed_page()}
    press(dana, page, "", message=" ", on_page="user", **signed)
    said = [each.data.get("message") for each in history(db.session(), renewed.id)]
    assert "See what is attached." in said


def test_a_worksheet_is_no_message(renewed: Ticket, ann: Person, dana: Visitor) -> None:
    sheet: Any = {f"document-{RECERTIFICATION_WORKSHEET}": (io.BytesIO(pdf()), "new.pdf")}
    told = press(dana, dana.get(f"/tickets/{renewed.id}/write"), "", message="Anew.", **sheet)
    assert "Send the worksheet as your answer." in told.words
    assert "Anew." in told.text
    assert triggers(renewed) == ["submit_unsigned"]
    assert db.session.query(SignatureRequest).one().outstanding


def test_a_message_with_a_signed_page_says_who_signed_it(
    renewed: Ticket, dana: Visitor
) -> None:
    signed: Any = {"document-other": signed_page()}
    page = dana.get(f"/tickets/{renewed.id}/write")
    press(dana, page, "", message="She signed a page.", on_page="user", **signed)
    assert triggers(renewed) == ["submit_unsigned", "write", "all_signed"]
    assert only_ticket().state == "submitted"


def test_hand_asks_for_nothing_but_the_signatures(
    renewed: Ticket, ann: Person, cast: Cast, visit: Visit, stranger: Visitor
) -> None:
    link, sam = newest_link(address_of(ann)), visit(cast.sam)
    tickets.act(renewed.id, "record_answer", cast.sam, {"message": "It comes."})
    tickets.act(renewed.id, "take", cast.sam)
    asks = f"/tickets/{renewed.id}/ask_for_more"
    both = {"papers": RECERTIFICATION_WORKSHEET, "signatures": "y"}
    told = sam.fill(asks, "message", message="Please sign.", **both)
    assert "take away one or the other" in told.words
    assert "You asked for more" in sam.fill(
        asks, "message", message="Please sign.", signatures="y"
    ).words
    sign(stranger, link, ann.name)
    db.session.expire_all()
    assert triggers(renewed)[-1] == "last_signed"
    assert only_ticket().state == "in_review"


def test_a_tick_for_signatures_beside_words_alone_is_not_dropped(
    renewed: Ticket, cast: Cast, visit: Visit
) -> None:
    sam = visit(cast.sam)
    told = sam.fill(f"/tickets/{renewed.id}/comment", "message", message="So.", signatures="y")
    assert "With “Ask for more” the signatures are asked for." in told.words
    assert triggers(renewed) == ["submit_unsigned"]
