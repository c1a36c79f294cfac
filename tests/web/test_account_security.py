"""Account security, page by page: what is offered, what is asked, and what is kept secret."""

import pytest
from flask import Flask

from helpdesk.actor import Actor
from helpdesk.extensions import db
from helpdesk.models.web_session import Proof, WebSession
from helpdesk.services.factors import held
from tests import factories
from tests.second_steps import factors, give_app, give_codes, shown
from tests.web.conftest import Visit
from tests.web.markup import Answer
from tests.web.visitor import Visitor

HERE = "/account/security"


@pytest.fixture
def dana(cast: factories.Cast) -> Actor:
    return cast.admin


def set_up(visitor: Visitor, name: str = "My phone") -> Answer:
    page = visitor.get(f"{HERE}/app")
    return visitor.send(page, page.form_with("code"), code=shown(key_on(page)), name=name)


def key_on(page: Answer) -> str:
    """The secret that a page offers, as whoever cannot scan it types it."""
    return page.text.partition('class="key">')[2].partition("<")[0].replace(" ", "")


def test_an_app_is_set_up_and_recovery_codes_follow(dana: Actor, visit: Visit) -> None:
    visitor = visit(dana)
    page = set_up(visitor)
    assert page.path == f"{HERE}/recovery-codes"
    assert "signing in takes a code of this app" in page.words
    shown_once = visitor.confirm(page)
    assert shown_once.text.count("<code>") == 10
    assert 'download="recovery-codes.txt"' in shown_once.text
    assert "10 of 10 are left" in visitor.get(HERE).words
    assert "My phone Authenticator app" in visitor.get(HERE).words


@pytest.mark.parametrize(
    ("typed", "told"), [("", "Type the code"), ("12345", "six digits"), ("000000", "not the code")]
)
def test_a_wrong_code_keeps_the_secret_and_the_name(
    typed: str, told: str, dana: Actor, visit: Visit
) -> None:
    visitor = visit(dana)
    page = visitor.get(f"{HERE}/app")
    again = visitor.send(page, page.form_with("code"), code=typed, name="Old tablet")
    assert told in again.words
    assert key_on(again) == key_on(page)
    assert again.form_with("code").fields["name"].value == "Old tablet"
    assert factors(dana.person_id or 0) == []


@pytest.mark.parametrize("sealed", ["", "made up", "ünsinn", "{other}"])
def test_only_a_secret_that_we_offered_to_this_very_person_is_taken(
    sealed: str, dana: Actor, cast: factories.Cast, visit: Visit
) -> None:
    theirs = visit(cast.sam).get(f"{HERE}/app")
    other = theirs.form_with("code").fields["sealed"].value
    visitor = visit(dana)
    page = visitor.get(f"{HERE}/app")
    again = visitor.send(page, page.form_with("code"), sealed=sealed.format(other=other),
                         code=shown(key_on(theirs)))  # fmt: skip
    assert "open for a long time" in again.words
    assert key_on(again) not in {key_on(page), key_on(theirs)}
    assert factors(dana.person_id or 0) == []


def test_a_form_that_is_sent_twice_adds_one_app(dana: Actor, visit: Visit) -> None:
    visitor = visit(dana)
    page = visitor.get(f"{HERE}/app")
    for _ in range(2):
        visitor.send(page, page.form_with("code"), code=shown(key_on(page)))
    assert len(factors(dana.person_id or 0)) == 1


def test_with_the_first_app_every_other_session_ends_and_with_the_next_none(
    app: Flask, dana: Actor, visit: Visit
) -> None:
    elsewhere, here = visit(dana), visit(dana)
    set_up(here)
    assert elsewhere.get("/").path.startswith("/sign-in")
    elsewhere, _ = visit(dana), set_up(here, "Tablet")
    assert elsewhere.get("/").path == "/"
    assert here.get("/").path == "/"


def test_more_than_enough_are_refused_at_the_field(dana: Actor, visit: Visit) -> None:
    for number in range(held.MOST):
        give_app(dana.person_id or 0, f"Phone {number}")
    again = set_up(visit(dana), "One too many")
    assert f"There are {held.MOST} already" in again.words
    assert again.form_with("code").fields["name"].value == "One too many"
    assert "Add an authenticator app" not in visit(dana).get(HERE).words


def test_it_can_be_renamed_and_a_name_is_shown_as_it_was_typed(dana: Actor, visit: Visit) -> None:
    give_app(dana.person_id or 0)
    (mine,) = factors(dana.person_id or 0)
    visitor = visit(dana)
    assert visitor.fill(f"{HERE}/{mine.id}/rename", name="<b>Tablet</b> “2”").path == HERE
    assert "<b>Tablet</b> “2”" in visitor.get(HERE).words
    assert "Give it a name" in visitor.fill(f"{HERE}/{mine.id}/rename", name="  ").words


def test_removing_the_last_one_says_so_and_takes_the_codes_along(
    dana: Actor, visit: Visit
) -> None:
    give_app(dana.person_id or 0)
    give_codes(dana.person_id or 0)
    (mine,) = factors(dana.person_id or 0)
    path = f"{HERE}/{mine.id}/remove"
    visitor = visit(dana)
    page = visitor.get(path)
    assert "It is the last one." in page.words
    assert "Removed: the authenticator app “My phone”" in visitor.confirm(page).words
    assert factors(dana.person_id or 0) == []
    assert visitor.get(f"{HERE}/recovery-codes").path == HERE
    assert visitor.get(path).status == 404


def test_new_recovery_codes_say_what_becomes_of_the_old_ones(dana: Actor, visit: Visit) -> None:
    give_app(dana.person_id or 0)
    old = give_codes(dana.person_id or 0)
    visitor = visit(dana)
    page = visitor.get(f"{HERE}/recovery-codes")
    assert "10 codes that are left of your last set will stop working" in page.words
    assert not [code for code in old if code in visitor.confirm(page).words]


def test_everywhere_else_is_signed_out_at_a_press(dana: Actor, visit: Visit) -> None:
    elsewhere, here = visit(dana), visit(dana)
    page = here.get(HERE)
    assert page.words.count("Elsewhere") == 1
    form = next(form for form in page.forms if "sign-out-others" in form.action)
    assert "signed out everywhere but here" in here.send(page, form).words
    assert "Elsewhere" not in here.get(HERE).words
    assert elsewhere.get("/").path.startswith("/sign-in")


def test_a_half_session_is_not_shown_as_a_place_where_one_is_signed_in(
    dana: Actor, visit: Visit
) -> None:
    Visitor(visit(dana).client.application).sign_in(dana.person_id, Proof.HALF)
    assert "Elsewhere" not in visit(dana).get(HERE).words.partition("Here")[0]
    rows = db.session.query(WebSession).filter_by(proof=Proof.HALF).all()
    assert len(rows) == 1
