"""Somebody says by their link that they can’t sign: whoever filled it in is told, and mends it."""

import pytest

from helpdesk.extensions import db
from helpdesk.models.effect import Effect, Kind
from helpdesk.models.person import Person
from helpdesk.models.role import Grant
from helpdesk.services import tickets
from helpdesk.transaction import transaction
from tests import factories
from tests.factories import Cast
from tests.support.signatures import renewal as asked_by_staff
from tests.web.conftest import Visit
from tests.web.signing_page import NAME, expired, newcomer_filed, newest_link, renewal, sign
from tests.web.test_signing_by_link import only_ticket
from tests.web.visitor import Visitor
from tests.web.worksheet_page import DONE, FILL_IN, courses, press
from workflows.engine import Refused
from workflows.papers import RECERTIFICATION_WORKSHEET as WORKSHEET

WHY = "The date of the second is wrong."


@pytest.fixture
def ann(cast: Cast) -> Person:
    return expired(cast)


@pytest.fixture
def dana(cast: Cast, visit: Visit) -> Visitor:
    return visit(cast.admin)


@pytest.fixture
def number(cast: Cast, ann: Person, dana: Visitor, stranger: Visitor) -> int:
    """Of a request whose licensee can’t sign what her admin filled in."""
    renewal(dana, ann, cast.admin.name)
    stranger.fill(f"{newest_link(ann.email or '')}/cannot", "reason", reason=WHY)
    return only_ticket().id


def test_the_ticket_says_whose_turn_it_is(number: int, ann: Person, dana: Visitor) -> None:
    page = dana.get(f"/tickets/{number}")
    assert f"{ann.name} can’t sign. Your turn: answer by" in page.words
    assert f"{ann.name} can’t sign. Fill in the worksheet anew" in page.words
    assert "They are reminded" not in page.words
    assert "has not signed as the user yet" not in page.words
    assert f"{ann.name} can’t sign as the user, and has said why." in page.words
    assert f"{ann.name} can’t sign. Fill in the worksheet anew" in dana.get("/").words


def test_the_worksheet_is_filled_in_anew_and_signed(
    number: int, ann: Person, cast: Cast, dana: Visitor, stranger: Visitor
) -> None:
    page = dana.get(f"/tickets/{number}")
    sheet = press(dana, page, FILL_IN, WORKSHEET, message="Mended.")
    answer = press(dana, sheet, DONE, **{**courses(sheet, ago=12), NAME: cast.admin.name})
    sent = press(dana, answer, "")
    assert sent.status == 200, sent.words
    with pytest.raises(Refused, match=f"{ann.name} has not signed as the user yet"):
        tickets.act(number, "approve", cast.sam)
    assert "You have signed" in sign(stranger, newest_link(ann.email or ""), ann.name).words


def test_asked_again_they_have_only_not_signed_yet(
    number: int, ann: Person, dana: Visitor
) -> None:
    dana.fill(f"/tickets/{number}/ask_to_sign", "who", who="user")
    page = dana.get(f"/tickets/{number}")
    assert "Others have still to sign" in page.words
    assert f"{ann.name} can’t sign. Fill" not in page.words
    assert f"{ann.name} has still to sign." in dana.get("/").words


def test_nobody_approves_what_somebody_can_not_sign(number: int, ann: Person, cast: Cast) -> None:
    tickets.act(number, "record_answer", cast.sam, {"message": "She calls."})
    with pytest.raises(Refused, match=f"{ann.name} can’t sign as the user"):
        tickets.act(number, "approve", cast.sam)


def test_staff_who_have_it_read_why_and_what_to_do(
    number: int, ann: Person, cast: Cast, visit: Visit
) -> None:
    tickets.act(number, "record_answer", cast.sam, {"message": "She calls."})
    page = visit(cast.sam).get(f"/tickets/{number}")
    assert WHY in page.words
    assert "and has said why. Ask for a new worksheet, or ask them again." in page.words


def test_who_was_asked_as_the_admin_and_is_none_any_more_is_not_asked_again(
    cast: Cast, visit: Visit
) -> None:
    olga = factories.admin(cast.agency)
    number = asked_by_staff(cast).id
    with transaction() as session:
        session.query(Grant).filter_by(person_id=cast.admin.person_id).delete()
    for reader in (visit(olga), visit(cast.sam)):
        page = reader.get(f"/tickets/{number}")
        words = f"{cast.admin.name} was asked to sign, and is no admin any more: another admin"
        assert words in page.words
        assert f"Send again to {cast.admin.name}" not in page.words
        assert "ask_to_sign?who=user" in page.text
        assert "ask_to_sign?who=admin" not in page.text
    assert "Another admin has to sign. Your turn: answer by" in visit(olga).get(
        f"/tickets/{number}"
    ).words


def test_home_names_who_has_still_to_sign(cast: Cast, dana: Visitor) -> None:
    newcomer_filed(dana, cast.admin.name)
    assert "Nils Acker and Ed Moss have still to sign." in dana.get("/").words


def test_who_is_mailed_a_link_is_not_mailed_besides_that_it_came(
    cast: Cast, dana: Visitor
) -> None:
    newcomer_filed(dana, cast.admin.name)
    mails = [each.payload for each in db.session.query(Effect) if each.kind is Kind.MAIL]
    received = [each["says"]["recipient"] for each in mails if each["link"] is None]
    assert received == ["filer"]
    assert all(each["says"]["works_until"] for each in mails if each["link"] == "sign")


def test_what_waits_is_not_wrong_and_everybody_who_signs_is_listed(
    cast: Cast, dana: Visitor, stranger: Visitor, visit: Visit
) -> None:
    newcomer_filed(dana, cast.admin.name)
    number = only_ticket().id
    page = visit(cast.sam).get(f"/tickets/{number}")
    assert "Not yet: Waits for the signature of Ed Moss." in page.words
    assert f"Agency admin: {cast.admin.name} signed on the page." in page.words
    assert "Send again to Ed Moss or change the address" in page.words
    assert "Send again to Nils Acker" in page.words
    assert "Sent – done Today" in dana.get(f"/tickets/{number}").words
    bar = dana.get(f"/tickets/{number}").text
    assert '<li class="pw-waiting" aria-current="step">\n    <b>Signed</b>' in bar
    assert '<li class="pw-todo">\n    <b>Checked</b>' in bar


def test_who_is_to_sign_is_told_so_when_they_sign_in(
    cast: Cast, visit: Visit
) -> None:
    other = factories.admin(cast.agency)
    ticket = asked_by_staff(cast)
    page = visit(cast.admin).get(f"/tickets/{ticket.id}")
    assert "Your signature is needed: open the link in that email." in page.words
    assert "Your signature is needed." in visit(cast.admin).get("/").words
    assert "Your signature is needed" not in visit(other).get("/").words
