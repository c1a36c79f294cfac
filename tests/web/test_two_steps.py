"""Signing in in two steps, in the browser: with an app's code, and with a recovery code."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import NewPage
from tests.support.servers import LiveServer
from tests.support.smtp import SmtpServer
from tests.web.house import patiently
from tests.web.two_steps import (
    give,
    half_way,
    next_code,
    open_security,
    remove,
    set_up_app,
    show_codes,
)
from tests.web.walk import enter, mail, sign_out

ME = "joan.abara"


@pytest.mark.parametrize("javascript", [True, False])
def test_an_app_is_set_up_asked_for_at_sign_in_and_removed(
    javascript: bool, new_page: NewPage, live_server: LiveServer, smtp_server: SmtpServer
) -> None:
    page = enter(new_page(javascript=javascript), live_server, ME)
    open_security(page)
    secret = set_up_app(page)
    assert "authenticator app “My phone”" in mail(smtp_server, ME, "step was added").text
    codes = show_codes(page)
    sign_out(page)

    half_way(page, live_server, ME)
    page.goto("/queue")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    half_way(page, live_server, ME)
    give(page, "000 000")
    expect(page.get_by_text("4 tries are left")).to_be_visible()
    give(page, next_code(secret))
    expect(page).to_have_url(re.compile("/queue$"))
    sign_out(page)

    half_way(page, live_server, ME)
    give(page, codes[3])
    expect(page.get_by_role("heading", level=1)).to_contain_text("Joan")
    assert "9 are left" in mail(smtp_server, ME, "recovery code was used").text

    open_security(page)
    expect(page.get_by_text("9 of 10 are left")).to_be_visible()
    remove(page, "My phone")
    expect(page.get_by_text("There is none yet")).to_be_visible()
    sign_out(page)
    enter(page, live_server, ME)


def test_recovery_codes_can_be_saved_as_a_file(
    new_page: NewPage, live_server: LiveServer
) -> None:
    page = enter(new_page(), live_server, "lee.tran")
    open_security(page)
    set_up_app(page)
    codes = show_codes(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Save as a file").click()
    assert download.value.suggested_filename == "recovery-codes.txt"
    assert download.value.path().read_text().splitlines()[2:12] == codes


def test_after_five_wrong_codes_one_begins_anew_and_goes_on_where_one_wanted_to(
    new_page: NewPage, live_server: LiveServer
) -> None:
    page = enter(new_page(), live_server, "morgan.hale")
    open_security(page)
    set_up_app(page)
    codes = show_codes(page)
    sign_out(page)
    page.goto("/manage/settings")
    half_way(page, live_server, "morgan.hale")
    for _ in range(5):
        give(page, "123456")
    expect(page.get_by_text("too many wrong codes")).to_be_visible()
    half_way(page, live_server, "morgan.hale")
    patiently("a try that need not wait", lambda: gave(page, codes[0]))
    expect(page.get_by_role("heading", name="Settings", exact=True)).to_be_visible()


def gave(page: Page, code: str) -> bool | None:
    with page.expect_navigation():
        give(page, code)
    return None if page.get_by_text("There were many attempts").count() else True
