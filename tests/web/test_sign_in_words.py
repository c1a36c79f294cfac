"""What the sign-in page says: after a wrong password, and after a right one that is of no use."""

from datetime import timedelta
from urllib.parse import unquote

from flask import Flask
from flask.ctx import AppContext

from helpdesk.extensions import db, now
from helpdesk.models.license import license_of
from helpdesk.models.person import Person
from helpdesk.models.web_session import WebSession
from helpdesk.services import licenses
from helpdesk.transaction import transaction
from tests import factories
from tests.factories import PASSWORD
from tests.web.markup import Answer
from tests.web.visitor import Visitor
from workflows import license as life
from workflows.guards import REACTIVATE, RECERTIFY

STATES = (life.ACTIVE, life.LOCKED, life.EXPIRED, life.SUSPENDED, life.DELETED)
WRONG = "not the password at all"


def attempt(visitor: Visitor, name: str, password: str = WRONG) -> Answer:
    return visitor.fill("/sign-in", username=name, password=password)


def after_attempts(visitor: Visitor, name: str, number: int) -> list[tuple[int, str]]:
    return [(page.status, page.words) for page in (attempt(visitor, name) for _ in range(number))]


def test_the_first_two_failures_advise_forgot_password_and_the_third_the_way_back(
    stranger: Visitor, app_context: AppContext
) -> None:
    factories.licensee(life.ACTIVE, username="maria.lopez", password=PASSWORD)
    first, second, third = (words for _, words in after_attempts(stranger, "maria.lopez", 3))
    assert "Use Forgot Password now: 2 more bad attempts in a row can lock the license" in first
    assert "Use Forgot Password now: one more bad attempt in a row can lock the license" in second
    assert "Use Forgot Password now" not in third
    assert "The way back is Request New Password, filed by your agency admin or by you" in third


def test_the_words_depend_on_the_attempts_for_the_typed_name_alone(
    app: Flask, app_context: AppContext
) -> None:
    for state in STATES:
        factories.licensee(state, username=f"x.{state}", password=PASSWORD)
    factories.staff("x.staff", password=PASSWORD)
    names = [*(f"x.{state}" for state in STATES), "x.staff", "x.nobody"]
    heard = {name: after_attempts(Visitor(app), name, 4) for name in names}
    said = {repr(words).replace(name, "…") for name, words in heard.items()}
    assert len(said) == 1
    assert {status for words in heard.values() for status, _ in words} == {403}


def somebody(state: str) -> Person:
    """With an agency that has two admins."""
    harbor = factories.agency("Harbor House")
    for name in ("dana.price", "lee.tran"):
        factories.admin(harbor, username=name)
    return factories.licensee(state, of=harbor, username="ben", password=PASSWORD)


def test_a_wrong_password_says_nothing_of_the_state(
    stranger: Visitor, app_context: AppContext
) -> None:
    somebody(life.INACTIVE)
    words = attempt(stranger, "ben").words
    assert "inactivated" not in words
    assert "Dana" not in words


def test_the_right_password_of_an_expired_license_leads_to_its_recertification(
    stranger: Visitor, app_context: AppContext
) -> None:
    ben = somebody(life.EXPIRED)
    home = attempt(stranger, "ben", PASSWORD)
    assert (home.status, home.path) == (200, "/")
    assert "Your license has expired" in home.words
    assert "Basic Privacy & Security" in home.words
    assert f'href="/requests/new/{RECERTIFY}?person={ben.id}"' in home.text
    form = stranger.get(f"/requests/new/{RECERTIFY}?person={ben.id}")
    assert form.status == 200
    assert "ben@agency.example" in form.words


def test_that_way_back_opens_nothing_else_and_ends_with_the_license(
    stranger: Visitor, app_context: AppContext
) -> None:
    ben = somebody(life.EXPIRED)
    attempt(stranger, "ben", PASSWORD)
    other = factories.licensee(life.EXPIRED)
    assert stranger.get(f"/requests/new/{RECERTIFY}?person={other.id}").status == 404
    assert stranger.get("/people").status == 403
    row = license_of(db.session(), ben.id)
    assert row is not None
    licenses.act(row.id, "suspend", factories.ANY_STAFF, {"message": "A shared password."})
    assert "Sign in" in stranger.get("/").words


def test_it_runs_out_like_any_session(stranger: Visitor, app_context: AppContext) -> None:
    somebody(life.EXPIRED)
    attempt(stranger, "ben", PASSWORD)
    with transaction() as session:
        session.query(WebSession).update({"seen_at": now() - timedelta(days=1)})
    assert "Sign in" in stranger.get("/").words


def test_the_right_password_of_an_inactivated_license_leads_to_the_admins_form(
    stranger: Visitor, app_context: AppContext
) -> None:
    ben = somebody(life.INACTIVE)
    page = attempt(stranger, "ben", PASSWORD)
    assert page.status == 403
    assert "Your password is right. Your license was inactivated" in page.words
    assert "Dana Number" in page.words
    assert "can file Reactivate License for you" in page.words
    mail = unquote(page.text.partition('href="mailto:')[2].partition('"')[0])
    assert mail.startswith("dana.price@agency.example,lee.tran@agency.example?")
    assert f"/requests/new/{REACTIVATE}?person={ben.id}" in mail


def test_the_right_password_of_a_deleted_license_leads_to_a_new_one(
    stranger: Visitor, app_context: AppContext
) -> None:
    somebody(life.DELETED)
    page = attempt(stranger, "ben", PASSWORD)
    assert "Your license was deleted" in page.words
    assert "can file New User License for you" in page.words


def test_the_right_password_of_a_suspended_license_leads_to_hand(
    stranger: Visitor, app_context: AppContext
) -> None:
    somebody(life.SUSPENDED)
    page = attempt(stranger, "ben", PASSWORD)
    assert "HAND has suspended your license" in page.words
    assert "Only HAND can lift that" in page.words
    assert "Dana" not in page.words


def test_a_request_that_is_on_its_way_is_told_instead(
    stranger: Visitor, app_context: AppContext
) -> None:
    cast = factories.cast()
    ben = factories.licensee(life.INACTIVE, of=cast.agency, username="ben", password=PASSWORD)
    factories.ticket(by=cast, about=ben, type=REACTIVATE)
    page = attempt(stranger, "ben", PASSWORD)
    assert "Reactivate License has been filed for it" in page.words
    assert "mailto:" not in page.text
