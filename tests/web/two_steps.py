"""What people do about their second step, in the pages' own words."""

import time

import pyotp
from playwright.sync_api import Page, expect

from tests.support.servers import LiveServer
from tests.web.walk import password_of, press

LONG_AGO = (
    "UPDATE web_session SET confirmed_at = NULL WHERE id = (SELECT max(id) FROM web_session)"
)
"""As though whoever signed in last had done so long ago."""


def open_security(page: Page) -> None:
    page.locator("details.me summary").click()
    page.get_by_role("link", name="Account security").click()
    expect(page.get_by_role("heading", name="Account security")).to_be_visible()


def set_up_app(page: Page) -> str:
    """From account security to an app that is on; gives its secret."""
    page.get_by_role("link", name="Add an authenticator app").click()
    page.get_by_text("Can’t scan it?").click()
    secret = page.locator(".key").inner_text().replace(" ", "")
    page.get_by_label("Code that the app shows now").fill(pyotp.TOTP(secret).now())
    press(page, "Turn it on")
    expect(page.get_by_text("signing in takes a code of this app")).to_be_visible()
    return secret


def show_codes(page: Page) -> list[str]:
    press(page, "Show my recovery codes")
    expect(page.get_by_text("shown this once")).to_be_visible()
    return page.locator(".codes code").all_inner_texts()


def remove(page: Page, name: str) -> None:
    page.get_by_role("link", name=f"Remove {name}").click()
    press(page, "Remove it")
    expect(page.get_by_text("Removed:")).to_be_visible()


def next_code(secret: str) -> str:
    """What the app is about to show: the present code may have been used to set it up."""
    return pyotp.TOTP(secret).at(time.time(), counter_offset=1)


def half_way(page: Page, server: LiveServer, username: str) -> None:
    """On the sign-in page as it is, which may know where one wanted to go."""
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password", exact=True).fill(password_of(server, username))
    press(page, "Sign in")
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()


def give(page: Page, code: str) -> None:
    page.get_by_role("textbox", name="code").fill(code)
    press(page, "Continue")
