"""A session ends or gives way to another: nothing that was typed is lost, and nobody slips in."""

from datetime import timedelta

import pytest
from flask import Flask

from helpdesk.access import recognize
from helpdesk.actor import Actor
from helpdesk.extensions import db, now
from helpdesk.models.web_session import WebSession
from helpdesk.services import sessions
from helpdesk.transaction import transaction
from helpdesk.views.guard import TOKEN
from tests import factories
from tests.factories import PASSWORD
from tests.web.markup import Answer
from tests.web.visitor import Visitor

TEXT = "It took me a while to write this,\nso please don’t lose it."
LONG_AGO = timedelta(days=1)


@pytest.fixture
def dana(cast: factories.Cast) -> Actor:
    return factories.admin(cast.agency, username="dana.price", password=PASSWORD)


@pytest.fixture
def lee(cast: factories.Cast) -> Actor:
    return factories.admin(cast.agency, username="lee.tran", password=PASSWORD)


def sign_in(visitor: Visitor, username: str) -> Answer:
    """Through the form, in another tab of the same browser."""
    token = visitor.get("/cant-log-in").form_with("username").fields["csrf_token"].value
    form = {"username": username, "password": PASSWORD, "csrf_token": token}
    return visitor.post("/sign-in", form)


def filing_form(visitor: Visitor, cast: factories.Cast) -> Answer:
    about = factories.licensee(of=cast.agency)
    return visitor.get(f"/requests/new/request_new_password?person={about.id}")


def send(visitor: Visitor, page: Answer) -> Answer:
    form = page.form_with("note")
    return visitor.send(page, form, happened="forgotten", note=TEXT, vouched="y")


def run_out() -> None:
    with transaction() as session:
        session.query(WebSession).update({"seen_at": now() - LONG_AGO})


def cookie_token(visitor: Visitor) -> str:
    with visitor.client.session_transaction() as cookie:
        return str(cookie[TOKEN])


def test_after_a_session_ran_out_sending_again_goes_through_at_the_first_try(
    stranger: Visitor, cast: factories.Cast, dana: Actor
) -> None:
    sign_in(stranger, "dana.price")
    page = filing_form(stranger, cast)
    run_out()
    refused = send(stranger, page)
    assert refused.status == 403
    assert refused.form_with("note").fields["note"].value == TEXT
    sign_in(stranger, "dana.price")
    sent = stranger.send(refused, refused.form_with("note"))
    assert sent.status == 200
    assert "HAND has your request." in sent.words
    assert "so please don’t lose it." in sent.words


def test_a_page_of_one_person_cannot_be_sent_by_another_in_the_same_browser(
    stranger: Visitor, cast: factories.Cast, dana: Actor, lee: Actor
) -> None:
    sign_in(stranger, "dana.price")
    page = filing_form(stranger, cast)
    run_out()
    sign_in(stranger, "lee.tran")
    assert send(stranger, page).status == 400


def test_pages_of_before_a_lock_or_a_new_password_are_not_trusted(
    stranger: Visitor, cast: factories.Cast, dana: Actor
) -> None:
    sign_in(stranger, "dana.price")
    page = filing_form(stranger, cast)
    with transaction() as session:
        sessions.end_all(session, dana.person_id or 0)
    sign_in(stranger, "dana.price")
    assert send(stranger, page).status == 400


@pytest.mark.parametrize("planted", [None, "made up", "another person’s"])
def test_a_secret_that_was_in_the_browser_before_signing_in_is_not_taken_on(
    planted: str | None, stranger: Visitor, cast: factories.Cast, dana: Actor, lee: Actor
) -> None:
    """As if somebody who knows the secret had put the cookie there."""
    if planted == "another person’s":
        sign_in(stranger, "lee.tran")
    elif planted:
        with stranger.client.session_transaction() as cookie:
            cookie[TOKEN] = planted
    known = stranger.get("/cant-log-in").form_with("username").fields["csrf_token"].value
    assert stranger.post("/cant-log-in", {"username": "x", "csrf_token": known}).status == 200
    sign_in(stranger, "dana.price")
    assert stranger.post("/cant-log-in", {"username": "x", "csrf_token": known}).status == 400


def test_signing_in_over_a_live_session_ends_it(
    app: Flask, stranger: Visitor, dana: Actor, lee: Actor
) -> None:
    sign_in(stranger, "dana.price")
    before = cookie_token(stranger)
    sign_in(stranger, "lee.tran")
    assert cookie_token(stranger) != before
    assert recognize(db.session(), before) is None
    assert recognize(db.session(), cookie_token(stranger)) is not None


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_a_page_that_is_not_ones_own_is_no_sign_of_use(
    method: str, stranger: Visitor, dana: Actor
) -> None:
    sign_in(stranger, "dana.price")
    early = now() - timedelta(minutes=5)
    with transaction() as session:
        session.query(WebSession).update({"seen_at": early})
    stranger.ask(method, "/queue")
    stranger.ask(method, "/nowhere")
    assert db.session.query(WebSession).populate_existing().one().seen_at == early
    stranger.get("/")
    assert db.session.query(WebSession).populate_existing().one().seen_at > early
