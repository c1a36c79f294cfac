"""The live meter: what it says is what saving says, and pages do without it."""

import json

import pytest
from flask.ctx import AppContext
from playwright.sync_api import Page, expect

from helpdesk import links
from helpdesk.links import Purpose
from helpdesk.transaction import transaction
from tests import factories
from tests.support.browser import PHONE, NewPage
from tests.support.servers import LiveServer
from tests.support.smtp import SmtpServer
from tests.web.visitor import Visitor
from tests.web.walk import mail, one_time_link, press, submit
from workflows import license as life

GOOD = "seven kettles hum at dusk"


@pytest.fixture
def form(live_server: LiveServer, smtp_server: SmtpServer, new_page: NewPage) -> Page:
    page = new_page(size=PHONE)
    page.goto("/forgot-password")
    page.get_by_label("Username").fill("nina.patel")
    press(page, "Send")
    page.goto(one_time_link(mail(smtp_server, "nina.patel", "Forgot Password")))
    return page


def test_the_meter_follows_what_is_typed_and_agrees_with_saving(form: Page) -> None:
    password, meter = form.get_by_label("New password"), form.get_by_role("meter", name="Strength")
    expect(meter).to_be_hidden()
    word, advice = form.locator(".strength b"), form.locator(".strength span")
    password.fill("passwordpassword")
    expect(word).to_have_text("Very weak.")
    refused = advice.inner_text()
    password.fill("otterkettle")
    expect(word).to_have_text("Fair.")
    expect(advice).to_have_text("Use at least 15 characters; this has 11.")
    password.fill(GOOD)
    expect(word).to_have_text("Strong.")
    expect(advice).to_have_text("It meets all the rules.")
    expect(meter).to_have_attribute("value", "5")
    expect(form.locator(".rules .met")).to_have_count(3)
    expect(form.get_by_role("status")).to_contain_text("Strength: Strong. It meets all the rules.")
    password.fill("passwordpassword")
    form.get_by_label("The same once more").fill("passwordpassword")
    submit(form, "Save my new password")
    expect(form.get_by_role("alert")).to_contain_text(refused)


def test_what_is_typed_goes_to_our_own_server_only_and_never_into_an_address(form: Page) -> None:
    base = form.url.partition("/reset")[0]
    asked: list[str] = []
    form.on("request", lambda request: asked.append(f"{request.method} {request.url}"))
    with form.expect_response("**/judge"):
        form.get_by_label("New password").fill(GOOD)
    assert any(each.startswith(f"POST {base}/set-password/") for each in asked)
    assert not [each for each in asked if base not in each or "kettle" in each]


def test_when_nobody_answers_the_meter_is_silent_and_saving_still_judges(form: Page) -> None:
    form.route("**/judge", lambda route: route.abort())
    with form.expect_request("**/judge"):
        form.get_by_label("New password").fill(GOOD)
    expect(form.get_by_role("meter")).to_be_hidden()
    form.get_by_label("The same once more").fill(GOOD)
    submit(form, "Save my new password")
    expect(form.get_by_text("Your new password is saved")).to_be_visible()


def test_a_judgment_is_asked_for_as_a_form_of_our_own_page(
    stranger: Visitor, app_context: AppContext
) -> None:
    nina = factories.licensee(life.ACTIVE, username="nina")
    with transaction() as session:
        path = links.mint(session, Purpose.SET_PASSWORD, nina.id, "k").partition("//")[2]
    page = stranger.get("/" + path.partition("/")[2])
    judge = f"{page.path}/judge"
    token = page.form_with("password").fields["csrf_token"].value
    assert stranger.post(judge, {"password": GOOD}).status == 400
    assert stranger.ask("GET", f"{judge}?password=x").status == 405
    answer = stranger.post(judge, {"password": "nina " * 4, "csrf_token": token})
    assert answer.status == 200
    assert json.loads(answer.text) == {
        "score": 1,
        "word": "Weak",
        "broken": ["names", "guess"],
        "next": "Leave “nina” out of it: it is easily guessed.",
    }
    assert stranger.post(judge, {"password": "x" * 5000, "csrf_token": token}).status == 422
