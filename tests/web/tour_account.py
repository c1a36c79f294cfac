"""The tour of one's own account, and of signing in in two steps."""

from collections.abc import Iterator

from playwright.sync_api import Page

from tests.support.servers import LiveServer
from tests.web.two_steps import (
    give,
    half_way,
    next_code,
    open_security,
    remove,
    set_up_app,
    show_codes,
)
from tests.web.walk import enter, press, sign_out, submit

ME = "rosa.klein"


def account_security(page: Page, server: LiveServer) -> Iterator[str]:
    enter(page, server, ME)
    page.goto("/account/security")
    yield "account-security-none"
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
    open_security(page)
    remove(page, "My phone")


ACCOUNT_GUIDES = (account_security,)
