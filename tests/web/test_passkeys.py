"""Passkeys in the browser: made, used after the password and instead of it, and removed."""

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import NewPage
from tests.support.servers import LiveServer
from tests.support.smtp import SmtpServer
from tests.web.house import by_hand, person_id
from tests.web.passkeys import Device, by_name, make_passkey
from tests.web.two_steps import LONG_AGO, give, half_way, open_security, remove, show_codes
from tests.web.walk import enter, mail, press, sign_out, submit

ME = "joan.abara"


@pytest.fixture
def page(new_page: NewPage, live_server: LiveServer) -> Page:
    return new_page(base_url=by_name(live_server))


def own_passkey(page: Page, server: LiveServer, username: str = ME) -> tuple[Device, list[str]]:
    """A device with a passkey of theirs, recovery codes, and they are signed out."""
    device = Device(page)
    enter(page, server, username)
    open_security(page)
    make_passkey(page, "Office laptop")
    codes = show_codes(page)
    sign_out(page)
    return device, codes


def at_home(page: Page, name: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)


def test_a_passkey_is_made_signs_in_alone_and_after_the_password_and_is_removed(
    page: Page, live_server: LiveServer, smtp_server: SmtpServer
) -> None:
    device, _codes = own_passkey(page, live_server)
    (key,) = device.keys()
    assert (key["rpId"], key["isResidentCredential"]) == ("localhost", True)
    assert "passkey “Office laptop”" in mail(smtp_server, ME, "step was added").text

    press(page, "Sign in with a passkey")
    at_home(page, "Joan")
    sign_out(page)

    half_way(page, live_server, ME)
    press(page, "Use a passkey")
    at_home(page, "Joan")

    open_security(page)
    expect(page.get_by_text("in two steps")).to_be_visible()
    remove(page, "Office laptop")
    sign_out(page)
    submit(page, "Sign in with a passkey")
    expect(page.get_by_text("This passkey is not known here")).to_be_visible()
    enter(page, live_server, ME)


def test_a_passkey_goes_on_where_one_wanted_to_go(page: Page, live_server: LiveServer) -> None:
    own_passkey(page, live_server, "dana.price")
    page.goto("/people")
    press(page, "Sign in with a passkey")
    expect(page.get_by_role("heading", name="My people")).to_be_visible()


def test_a_device_that_is_not_unlocked_by_its_owner_lets_nobody_in(
    page: Page, live_server: LiveServer
) -> None:
    device, codes = own_passkey(page, live_server, "omar.haddad")
    device.unlocks(False)
    press(page, "Sign in with a passkey")
    expect(page.get_by_text("That was stopped, or took too long")).to_be_visible()
    half_way(page, live_server, "omar.haddad")
    press(page, "Use a passkey")
    expect(page.get_by_text("That was stopped, or took too long")).to_be_visible()
    give(page, codes[0])
    at_home(page, "Omar")


def test_a_device_makes_one_passkey_for_a_person(page: Page, live_server: LiveServer) -> None:
    own_passkey(page, live_server, "lee.tran")
    press(page, "Sign in with a passkey")
    open_security(page)
    page.get_by_role("link", name="Add a passkey").click()
    press(page, "Make the passkey")
    expect(page.get_by_text("This device has a passkey for you already")).to_be_visible()


def test_a_disabled_account_is_not_let_in_by_a_passkey_either(
    page: Page, live_server: LiveServer
) -> None:
    own_passkey(page, live_server, "kim.bauer")
    by_hand(live_server, "UPDATE account SET disabled = 1"
                         f" WHERE person_id = {person_id('kim.bauer')}")  # fmt: skip
    submit(page, "Sign in with a passkey")
    expect(page.get_by_text("This passkey is not known here")).to_be_visible()


def test_where_passkeys_do_not_work_there_is_no_button_but_words(
    new_page: NewPage, live_server: LiveServer
) -> None:
    for javascript, base_url in ((True, live_server.base_url), (False, by_name(live_server))):
        page = new_page(javascript=javascript, base_url=base_url)
        page.goto("/sign-in")
        expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
        expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
        enter(page, live_server, "rosa.klein")
        page.goto("/account/security/passkey")
        expect(page.get_by_text(by_name(live_server))).to_be_visible()
        expect(page.get_by_role("button", name="Make the passkey")).to_be_hidden()


def test_a_sensitive_act_is_confirmed_with_a_passkey(page: Page, live_server: LiveServer) -> None:
    own_passkey(page, live_server, "morgan.hale")
    press(page, "Sign in with a passkey")
    at_home(page, "Morgan")
    page.goto("/manage/settings/DESK_PHONE")
    page.get_by_label("Phone").fill("313-555-0199")
    by_hand(live_server, LONG_AGO)
    submit(page, "Save")
    expect(page.get_by_role("heading", name="Is it still you?")).to_be_visible()
    press(page, "Use a passkey")
    expect(page.get_by_text("Phone: saved")).to_be_visible()
