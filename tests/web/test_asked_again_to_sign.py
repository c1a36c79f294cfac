"""Who has still to sign is asked again, and what was wrong is put right."""

import pytest

from helpdesk.extensions import db
from helpdesk.models.document import documents_of
from helpdesk.models.person import Person
from helpdesk.services import corrections, tickets
from helpdesk.services.corrections import OnFile
from tests import factories
from tests.factories import Cast
from tests.web.conftest import Visit
from tests.web.signing_page import (
    ED,
    NILS,
    for_newcomer,
    links_mailed,
    newcomer_filed,
    newest_link,
    sign,
)
from tests.web.test_signing_by_link import only_ticket, sheet_of, words_of
from tests.web.visitor import Visitor
from tests.web.worksheet_page import DONE, opened_for_newcomer, press
from workflows.engine import Refused
from workflows.papers import NEW_USER_WORKSHEET


@pytest.fixture
def dana(cast: Cast, visit: Visit) -> Visitor:
    return visit(cast.admin)


@pytest.fixture
def filed(cast: Cast, dana: Visitor) -> int:
    """Of a newcomer: they and their director are asked."""
    newcomer_filed(dana, cast.admin.name)
    return only_ticket().id


def test_a_newcomer_who_is_called_otherwise_by_now_has_still_to_sign(
    filed: int, cast: Cast
) -> None:
    """The worksheet is plainly somebody else's then, and nothing else of it is told."""
    told = OnFile("Nadia", "Brandt", "nadia.brandt@harbor.example")
    corrections.correct(only_ticket().person_id, told, 0, cast.sam, "")
    tickets.act(filed, "record_answer", cast.joan, {"message": "They sign today."})
    with pytest.raises(Refused, match="Ed Moss has not signed as the executive director yet"):
        tickets.act(filed, "approve", cast.joan)
    assert db.session.get_one(Person, only_ticket().person_id).name == "Nadia Brandt"


def ask_director(visitor: Visitor, number: int, **typed: str) -> str:
    """What the page says then."""
    return visitor.fill(f"/tickets/{number}/ask_to_sign", "who", who="director", **typed).words


def email_of(number: int | None) -> str:
    return db.session.get_one(Person, number).email or ""


def test_who_asks_again_does_not_become_the_director(
    filed: int, cast: Cast, visit: Visit
) -> None:
    other = factories.admin(cast.agency, email="olga@harbor.example")
    olga, own = visit(other), "olga@harbor.example"
    assert "first and last name" in ask_director(olga, filed, name="X", address=own)
    yours = "That is you, or comes to you."
    assert yours in ask_director(olga, filed, name="Eda Moss", address=own)
    assert yours in ask_director(olga, filed, name="Eda Moss", address="Olga+ed@harbor.example")
    assert yours in ask_director(olga, filed, name=other.name, address="eda@harbor.example")
    assert list(links_mailed()) == ["nils.acker@harbor.example", "ed@harbor.example"]


def test_nor_does_anybody_else_who_has_a_part(filed: int, cast: Cast, dana: Visitor) -> None:
    joan, name = email_of(cast.joan.person_id), "Eda Moss"
    for typed, sentence in (
        ({"name": name, "address": joan}, "somebody at HAND, who has to judge this"),
        ({"name": cast.joan.name, "address": "eda@harbor.example"}, "somebody at HAND"),
        ({"name": name, "address": "nils.acker@harbor.example"}, "whom the request is about"),
        ({"name": "Nils Acker", "address": "eda@harbor.example"}, "whom the request is about"),
        ({"name": name, "address": "eda@gmail.com"}, "a personal address"),
    ):
        assert sentence in ask_director(dana, filed, **typed), typed


def test_nor_is_anybody_at_hand_asked_as_the_director_at_first(cast: Cast, dana: Visitor) -> None:
    for typed in ({"sheet-director.asked_email": email_of(cast.joan.person_id)},
                  {"sheet-director.asked_name": cast.joan.name}):  # fmt: skip
        page = for_newcomer(dana, cast.admin.name, **typed)
        assert "somebody at HAND, who has to judge this" in page.words
    own = email_of(cast.admin.person_id).replace("@", "+ed@")
    page = for_newcomer(dana, cast.admin.name, **{"sheet-director.asked_email": own})
    assert "That is you, or comes to you." in page.words


def test_nor_is_on_whose_behalf_hand_files(cast: Cast, visit: Visit) -> None:
    sam = visit(cast.sam)
    caller = {"caller": str(cast.admin.person_id), "agency": str(cast.agency.id)}
    typed = {"sheet-director.asked_name": cast.admin.name, "sheet-admin.how": "page"}
    page = press(sam, opened_for_newcomer(sam, **caller), DONE, **{**NILS, **ED, **typed})
    assert "That is who filed the request." in page.words


def test_what_is_typed_is_said_to_be_wrong_where_it_stands(filed: int, dana: Visitor) -> None:
    assert "executive director’s work email" in ask_director(dana, filed, address="")
    assert "That is not an email address, such as" in ask_director(dana, filed, address="eda")
    page = dana.get(f"/tickets/{filed}/ask_to_sign")
    assert page.text.count('data-only="who=director"') == 2
    assert "ed@harbor.example" in page.text


def test_a_name_is_one_line(filed: int, dana: Visitor) -> None:
    ask_director(dana, filed, name="Eda\r\nBcc:  Moss", address="eda@harbor.example")
    (sheet, *_) = (each for each in documents_of(db.session(), filed) if each.reading)
    assert sheet.reading is not None
    assert sheet.reading.texts["director.asked_name"] == "Eda Bcc: Moss"
    assert newest_link("eda@harbor.example")


def test_the_directors_address_can_be_put_right(
    cast: Cast, dana: Visitor, stranger: Visitor
) -> None:
    newcomer_filed(dana, cast.admin.name)
    old, path = newest_link("ed@harbor.example"), f"/tickets/{only_ticket().id}/ask_to_sign"
    wrong = dana.fill(path, "who", who="director", address="nils.acker@harbor.example")
    assert "That is whom the request is about" in wrong.words
    dana.fill(path, "who", who="director", name="Eda Moss", address="eda@harbor.example")
    assert stranger.get(old).status == 410
    sign(stranger, newest_link("eda@harbor.example"), "Eda Moss")
    assert only_ticket().state == "waiting"
    assert "mailed to eda@harbor.example" in words_of(sheet_of(only_ticket(), NEW_USER_WORKSHEET))


def test_staff_who_type_another_address_do_not_approve(
    cast: Cast, dana: Visitor, stranger: Visitor, visit: Visit
) -> None:
    newcomer_filed(dana, cast.admin.name)
    number = only_ticket().id
    visit(cast.sam).fill(f"/tickets/{number}/ask_to_sign", "who", who="director",
                         address="ed.moss@harbor.example")  # fmt: skip
    sign(stranger, newest_link("ed.moss@harbor.example"), "Ed Moss")
    sign(stranger, newest_link("nils.acker@harbor.example"), "Nils Acker")
    tickets.act(number, "take", cast.sam)
    with pytest.raises(Refused, match="You changed the email of"):
        tickets.act(number, "approve", cast.sam)
