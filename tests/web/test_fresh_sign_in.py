"""Before a sensitive act it is asked again who sits there; then it goes on, with nothing lost."""

from datetime import timedelta

import pytest
from flask import Flask

from helpdesk.actor import Actor
from helpdesk.extensions import db, now, settings
from helpdesk.models.role import Grant, Role
from helpdesk.models.setting import Setting
from helpdesk.models.ticket import Ticket
from helpdesk.models.web_session import WebSession
from helpdesk.services.factors.confirming import TRIES
from helpdesk.transaction import transaction
from tests import factories
from tests.factories import PASSWORD
from tests.second_steps import give_app, grow_stale, shown
from tests.web.conftest import Visit
from tests.web.markup import Answer
from tests.web.visitor import Visitor
from workflows.common import IN_REVIEW

ASKED = "Is it still you?"
PHONE = "/manage/settings/DESK_PHONE"


@pytest.fixture
def morgan(cast: factories.Cast) -> Actor:
    return factories.staff("morgan.hale", manager=True, password=PASSWORD)


@pytest.fixture
def visitor(morgan: Actor, visit: Visit) -> Visitor:
    found = visit(morgan)
    grow_stale()
    return found


def answer(visitor: Visitor, page: Answer, **typed: str) -> Answer:
    return visitor.send(page, page.form_with("proof_password"), **typed)


def phone() -> str | None:
    row = db.session.get(Setting, "DESK_PHONE")
    return row.value if row else None


def test_lately_signed_in_nobody_is_asked(morgan: Actor, visit: Visit) -> None:
    page = visit(morgan).fill(PHONE, value="313-555-0111")
    assert "saved" in page.words
    assert phone() == "313-555-0111"


def test_later_on_it_is_asked_and_then_goes_on(visitor: Visitor) -> None:
    page = visitor.fill(PHONE, value="313-555-0111")
    assert (page.status, phone()) == (403, None)
    assert ASKED in page.words
    done = answer(visitor, page, proof_password=PASSWORD)
    assert "saved" in done.words
    assert phone() == "313-555-0111"


def test_fresh_is_whoever_signed_in_a_quarter_of_an_hour_ago_at_most(
    morgan: Actor, visit: Visit
) -> None:
    visitor, age = visit(morgan), settings().FRESH_SIGN_IN
    for ago, fresh in ((age - timedelta(minutes=1), True), (age, False)):
        with transaction() as session:
            session.query(WebSession).update({"confirmed_at": now() - ago})
        asked = ASKED in visitor.fill(PHONE, value="313-555-0111").words
        assert asked is not fresh


def test_whoever_has_confirmed_is_not_asked_again_for_a_while(visitor: Visitor) -> None:
    answer(visitor, visitor.fill(PHONE, value="313-555-0111"), proof_password=PASSWORD)
    assert "saved" in visitor.fill(PHONE, value="313-555-0112").words
    grow_stale()
    assert ASKED in visitor.fill(PHONE, value="313-555-0113").words


def test_looking_is_never_asked_about(visitor: Visitor, cast: factories.Cast) -> None:
    for path in (PHONE, "/manage/people/new", "/account/security", "/account/security/app"):
        assert visitor.get(path).status == 200


def test_what_was_typed_comes_through_whole(visitor: Visitor) -> None:
    """Quotes, line ends and several of one name, as the page behind would have got them at once."""
    page = visitor.fill("/manage/people/new", first_name='Nia "N" <b>', last_name="Ünal & Söhne",
                        username="nia.unal", email="nia@hand.example", role="staff")  # fmt: skip
    assert ASKED in page.words
    done = answer(visitor, page, proof_password=PASSWORD)
    assert 'Nia "N" <b> Ünal & Söhne' in done.words


def test_an_override_asks_and_keeps_its_reason(visitor: Visitor, cast: factories.Cast) -> None:
    ticket = factories.ticket(IN_REVIEW, by=cast)
    with transaction() as session:  # somebody about whom only an override can decide
        session.merge(ticket).filer_id = cast.sam.person_id or 0
    reason = "The executive director has called.\nTwice."
    page = visitor.post(
        f"/tickets/{ticket.id}/override",
        {"version": str(ticket.version), "message": reason, "csrf_token": token(visitor)},
    )
    assert ASKED in page.words
    carried = page.form_with("proof_password").fields
    assert carried["message"].value == reason
    assert db.session.get_one(Ticket, ticket.id).state == IN_REVIEW


def token(visitor: Visitor) -> str:
    return visitor.get(PHONE).form_with("value").fields["csrf_token"].value


@pytest.mark.parametrize("wrong", ["", "not the password"])
def test_a_wrong_password_does_nothing_and_keeps_everything(wrong: str, visitor: Visitor) -> None:
    page = answer(visitor, visitor.fill(PHONE, value="313-555-0111"), proof_password=wrong)
    assert (page.status, phone()) == (403, None)
    fields = page.form_with("proof_password").fields
    assert fields["value"].value == "313-555-0111"
    assert fields["proof_password"].value == ""
    assert "saved" in answer(visitor, page, proof_password=PASSWORD).words


def test_a_code_is_asked_for_where_there_is_a_second_step(
    app: Flask, morgan: Actor, visitor: Visitor
) -> None:
    secret = give_app(morgan.person_id or 0)
    page = Visitor(app)  # the first factor ended the other session
    page.sign_in(morgan.person_id)
    grow_stale()
    asked = page.fill(PHONE, value="313-555-0111")
    assert "Type the code" in answer(page, asked, proof_password=PASSWORD).words
    assert "tries are left" in answer(page, asked, proof_password=PASSWORD,
                                      proof_code="000000").words  # fmt: skip
    assert phone() is None
    done = answer(page, asked, proof_password=PASSWORD, proof_code=shown(secret))
    assert "saved" in done.words


def test_wrong_answers_are_few_then_the_session_ends_and_no_secret_is_shown(
    visitor: Visitor,
) -> None:
    page = visitor.fill(PHONE, value="313-555-0111")
    for left in range(TRIES - 1, 0, -1):
        page = answer(visitor, page, proof_password="not the password")
        assert ("One try is left" if left == 1 else f"{left} tries are left") in page.words
    page = answer(visitor, page, proof_password="not the password")
    assert "You are not signed in any more" in page.words
    assert "not the password" not in page.text
    assert page.form_with("value").fields["value"].value == "313-555-0111"
    assert visitor.get("/").path.startswith("/sign-in")


def test_a_right_answer_forgets_the_wrong_ones(visitor: Visitor) -> None:
    for _ in range(3):
        grow_stale()
        page = visitor.fill(PHONE, value="313-555-0111")
        for _ in range(TRIES - 1):
            page = answer(visitor, page, proof_password="not the password")
        assert "saved" in answer(visitor, page, proof_password=PASSWORD).words


def test_whoever_may_not_do_it_at_all_is_not_asked_but_turned_away(
    cast: factories.Cast, visit: Visit
) -> None:
    sam, token_page = visit(cast.sam), "/cant-log-in"
    grow_stale()
    csrf = sam.get(token_page).form_with("username").fields["csrf_token"].value
    refused = sam.post(PHONE, {"value": "313", "csrf_token": csrf})
    assert ASKED not in refused.words
    assert "not yours to do" in refused.words


def test_a_role_is_given_only_to_whoever_confirmed(visitor: Visitor, cast: factories.Cast) -> None:
    about = factories.person()
    page = visitor.fill(f"/manage/people/{about.id}/roles/new", role="manager")
    assert db.session.query(Grant).filter_by(person_id=about.id).count() == 0
    answer(visitor, page, proof_password=PASSWORD)
    assert db.session.query(Grant).filter_by(person_id=about.id, role=Role.MANAGER).count() == 1


def test_the_span_is_a_setting(visitor: Visitor, app: Flask) -> None:
    assert timedelta(minutes=15) == settings().FRESH_SIGN_IN
    answer(visitor, visitor.fill("/manage/settings/FRESH_SIGN_IN", value="5", unit="m"),
           proof_password=PASSWORD)  # fmt: skip
    assert timedelta(minutes=5) == settings().FRESH_SIGN_IN
