"""The manual directory in a browser: approved, carried out step by step, completed; every page of
it accessible and fitting."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import PHONE, NewPage
from tests.support.servers import LiveServer, start
from tests.web.house import demo_ticket, mail_to, patiently
from tests.web.test_every_page import look_at
from tests.web.walk import approve, enter, press, submit


@pytest.fixture(scope="module")
def live_server(
    demo_instance: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveServer]:
    env = {"HELPDESK_DIRECTORY": "manual"}
    server = start(tmp_path_factory.mktemp("by-hand"), env, demo_instance)
    yield server
    server.stop()


def reloaded(page: Page, words: str) -> int | None:
    page.reload()
    return page.get_by_text(words).count() or None


def handed_over(page: Page, about: str) -> None:
    """The ticket's page, once the worker has handed its action over."""
    page.goto(demo_ticket(about))
    patiently("a checklist", lambda: reloaded(page, "Waiting for staff to carry it out"))


@pytest.mark.parametrize("javascript", [True, False])
def test_staff_carry_an_approved_request_out_and_the_agency_is_told(
    live_server: LiveServer, new_page: NewPage, javascript: bool
) -> None:
    about = "omar.haddad" if javascript else "paul.weiss"
    page = enter(new_page(javascript=javascript), live_server, "sam.reed")
    if javascript:
        page.goto(demo_ticket(about))
        approve(page)
    handed_over(page, about)
    page.get_by_role("link", name="Carry it out").click()
    for _ in range(3):
        submit(page, "Done, next step")
    expect(page.get_by_text("3 of 4 steps done")).to_be_visible()
    page.get_by_role("button", name="Done: complete").click()
    expect(page.get_by_text("That was the last step")).to_be_visible()
    expect(page.locator(".now-line").get_by_text("Completed")).to_be_visible()
    mail = mail_to(live_server, about, "done")
    assert "temporary password" in mail.text
    assert "/set-password/" not in mail.text


def test_a_value_is_copied_with_one_press(live_server: LiveServer, new_page: NewPage) -> None:
    page = enter(new_page(), live_server, "sam.reed")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/checklists")
    page.get_by_role("link", name="Reactivate the account of Abe Marsh").click()
    press(page, "Copy Username")
    expect(page.get_by_role("button", name="Copy Username")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == "abe.marsh"


def test_every_page_of_it_is_accessible_and_fits(
    live_server: LiveServer, new_page: NewPage
) -> None:
    page = new_page()
    page.emulate_media(reduced_motion="reduce")
    faults = {name: found for name in tour(page, live_server)
              if (found := look_at(page, "main .btn-main"))}  # fmt: skip
    assert not faults


def tour(page: Page, server: LiveServer) -> Iterator[str]:
    enter(page, server, "joan.abara")
    handed_over(page, "Pia Lind")
    yield "ticket-handed-over"
    page.goto("/checklists")
    yield "list"
    page.get_by_role("link", name="Create the account of Pia Lind").click()
    yield "checklist-to-begin"
    submit(page, "Done, next step")
    yield "checklist-under-way"
    address = page.url.partition("#")[0]
    page.get_by_role("link", name="It can’t be done").click()
    yield "could-not"
    submit(page, "It can’t be done")
    yield "could-not-empty"
    page.get_by_label("What stands in the way").fill("Somebody else has that username.")
    submit(page, "It can’t be done")
    yield "ticket-needs-attention"
    page.goto(address)
    yield "checklist-failed"


def test_the_navigation_fits_a_phone_with_all_its_places(
    live_server: LiveServer, new_page: NewPage
) -> None:
    page = enter(new_page(size=PHONE), live_server, "morgan.hale")
    places = page.locator(".tabs a")
    assert 1 < places.count() <= 5
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
