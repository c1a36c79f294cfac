"""The tour of one's own account, and of signing in in two steps."""

from collections.abc import Iterator

from playwright.sync_api import Page, expect

from tests.support.servers import LiveServer
from tests.web.house import by_hand, person_id
from tests.web.two_steps import LONG_AGO, give, half_way, next_code, set_up_app, show_codes
from tests.web.walk import enter, password_of, press, sign_in, sign_out, submit

ME = "rosa.klein"


def account_security(page: Page, server: LiveServer) -> Iterator[str]:
    enter(page, server, ME)
    page.goto("/account/security")
    yield "account-security-none"
    page.goto("/account/security/passkey")
    yield "account-passkey-by-number"
    page.goto("/account/security/app")
    page.get_by_text("Can’t scan it?").click()
    yield "account-app"
    submit(page, "Turn it on")
    yield "account-app-empty"
    page.goto("/account/security")
    secret = set_up_app(page)
    yield "account-codes-ask"
    show_codes(page)
    yield "account-codes"
    page.get_by_role("link", name="I have kept them").click()
    yield "account-security"
    page.get_by_role("link", name="Rename My phone").click()
    yield "account-rename"
    page.go_back()
    page.get_by_role("link", name="Remove My phone").click()
    yield "account-remove"
    yield from second_step(page, server, secret)


def second_step(page: Page, server: LiveServer, secret: str) -> Iterator[str]:
    sign_out(page)
    half_way(page, server, ME)
    yield "second-step"
    press(page, "Continue")
    yield "second-step-empty"
    give(page, "123456")
    yield "second-step-wrong"
    give(page, next_code(secret))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Rosa")
    page.context.clear_cookies()
    yield from reset(page, server)


def reset(page: Page, server: LiveServer) -> Iterator[str]:
    """By a manager who signed in a while ago; then nobody has a second step any more."""
    enter(page, server, "morgan.hale")
    page.goto(f"/manage/people/{person_id(ME)}")
    yield "manage-person-two-steps"
    page.get_by_role("link", name="Reset it").click()
    yield "manage-second-step"
    submit(page, "Reset it")
    yield "manage-second-step-empty"
    page.get_by_label("Why").fill("The phone was lost on the bus.")
    by_hand(server, LONG_AGO)
    submit(page, "Reset it")
    yield "fresh-sign-in"
    page.get_by_label("Password", exact=True).fill("not the password")
    submit(page, "Confirm and go on")
    yield "fresh-sign-in-wrong"
    page.get_by_label("Password", exact=True).fill(password_of(server, "morgan.hale"))
    submit(page, "Confirm and go on")
    expect(page.get_by_text("has no second step any more")).to_be_visible()
    sign_out(page)
    short = "UPDATE account SET password_is_short = {} WHERE person_id = {}"
    by_hand(server, short.format(1, person_id(ME)))
    sign_in(page, ME, password_of(server, ME))
    yield "password-too-short"
    by_hand(server, short.format(0, person_id(ME)))


ACCOUNT_GUIDES = (account_security,)
