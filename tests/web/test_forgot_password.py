"""Forgot Password on its pages: from the forgotten password to the next sign-in."""

import pytest
from flask import Flask
from flask.ctx import AppContext
from playwright.sync_api import expect

from helpdesk import links
from helpdesk.links import Purpose
from helpdesk.models.person import Person
from helpdesk.transaction import transaction
from tests import factories
from tests.helpdesk.conftest import dump_rows
from tests.support.browser import PHONE, NewPage
from tests.support.servers import LiveServer
from tests.support.smtp import SmtpServer
from tests.web.visitor import Visitor
from tests.web.walk import (
    choose_password,
    enter,
    mail,
    one_time_link,
    password_of,
    press,
    sign_in,
    type_password,
)
from workflows import license as life

NEW = "seven kettles hum at dusk"


@pytest.mark.parametrize(
    ("javascript", "username"), [(True, "omar.haddad"), (False, "vera.blum")],
    ids=["with scripts", "without scripts"],
)  # fmt: skip
def test_from_a_forgotten_password_through_the_mail_to_the_next_sign_in(
    javascript: bool,
    username: str,
    live_server: LiveServer,
    smtp_server: SmtpServer,
    new_page: NewPage,
) -> None:
    first_name = username.partition(".")[0]
    elsewhere = enter(new_page(), live_server, username)
    owner = new_page(size=PHONE, javascript=javascript)
    sign_in(owner, username, "what was it again")
    owner.get_by_role("link", name="Forgot Password").first.click()
    owner.get_by_label("Username").fill(username.title())
    press(owner, "Send")
    expect(owner.get_by_role("heading", name="Check your email")).to_be_visible()
    expect(owner.get_by_text("Spam")).to_be_visible()

    link = one_time_link(mail(smtp_server, username, "Forgot Password"))
    assert "/reset-password/" in link
    scanner = new_page()
    scanner.goto(link)
    expect(scanner.get_by_role("heading", name="Choose a new password")).to_be_visible()

    owner.goto(link)
    type_password(owner, f"{first_name} climbs nine ladders")
    expect(owner.get_by_role("alert")).to_contain_text(f"Leave “{first_name}” out")
    type_password(owner, NEW, again="seven kettles hum at dawn")
    expect(owner.get_by_role("alert")).to_contain_text("The two are not the same")
    choose_password(owner, link, NEW)
    expect(owner.get_by_role("heading", name="Sign in")).to_be_visible()
    mail(smtp_server, username, "password was changed")
    elsewhere.reload()
    expect(elsewhere.get_by_role("heading", name="Sign in")).to_be_visible()

    sign_in(owner, username, password_of(live_server, username))
    expect(owner.get_by_role("heading", name="Sign in")).to_be_visible()
    sign_in(owner, username, NEW)
    expect(owner.get_by_role("heading", name=first_name.title())).to_be_visible()
    owner.goto(link)
    expect(owner.get_by_role("heading", name="This link no longer works")).to_be_visible()
    assert not any(NEW in each.text for each in smtp_server.messages)


def test_a_locked_licensee_is_led_by_mail_to_the_request(
    live_server: LiveServer, smtp_server: SmtpServer, new_page: NewPage
) -> None:
    page = new_page(size=PHONE)
    page.goto("/forgot-password")
    page.get_by_label("Username").fill("ivy.stone")
    press(page, "Send")
    expect(page.get_by_role("heading", name="Check your email")).to_be_visible()
    page.goto(one_time_link(mail(smtp_server, "ivy.stone", "license is locked")))
    press(page, "Continue as Ivy Stone")
    page.get_by_role("link", name="Request New Password").first.click()
    page.get_by_label("The license is locked").check()
    press(page, "Send request to HAND")
    expect(page.get_by_text("HAND has your request.")).to_be_visible()


@pytest.fixture
def maria(app_context: AppContext) -> Person:
    return factories.licensee(life.ACTIVE, username="maria.lopez")


def reset_link(who: Person) -> str:
    with transaction() as session:
        return links.mint(session, Purpose.RESET, who.id, "k").partition("//")[2].partition("/")[2]


def test_the_page_answers_alike_whoever_is_asked_about(stranger: Visitor, maria: Person) -> None:
    factories.licensee(life.LOCKED, username="locked")
    factories.licensee(life.DELETED, username="deleted")
    factories.licensee(life.ACTIVE, username="no.email", email=factories.NO_EMAIL)
    factories.staff("staff")
    answers = set()
    for name in ("maria.lopez", "locked", "deleted", "no.email", "staff", "nobody"):
        page = stranger.fill("/forgot-password", username=name)
        answers.add((page.status, page.words))
    assert len(answers) == 1


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_whoever_only_opens_the_link_changes_nothing(
    method: str, app: Flask, maria: Person
) -> None:
    link = "/" + reset_link(maria)
    before = dump_rows()
    for _ in range(3):
        answer = Visitor(app).ask(method, link)
        assert answer.status == 200
        assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert dump_rows() == before


def test_choosing_a_password_signs_nobody_in(stranger: Visitor, maria: Person) -> None:
    saved = stranger.fill("/" + reset_link(maria), password=NEW, password_again=NEW)
    assert "Your new password is saved" in saved.words
    assert "Sign in" in stranger.get("/").words


def test_a_lock_since_the_mail_is_told_with_the_way_back(
    stranger: Visitor, app_context: AppContext
) -> None:
    bea = factories.licensee(life.LOCKED)
    page = stranger.get("/" + reset_link(bea))
    assert page.status == 409
    assert "Your license is locked" in page.words
    assert "Request New Password" in page.words
