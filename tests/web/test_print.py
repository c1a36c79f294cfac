"""A ticket on paper: what it is about, its documents and what happened; nothing to press."""

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import NewPage
from tests.support.servers import LiveServer
from tests.web.house import demo_ticket
from tests.web.walk import enter

PRESSED = ", ".join(
    f"{what}:visible" for what in ("button", ".btn", "textarea", "input", "nav", ".head")
)
READERS = {"joan.abara": "tess.moran", "dana.price": "Sean O’Neil"}


def on_paper(page: Page) -> None:
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 720, "height": 1000})  # of a sheet between its margins


@pytest.mark.parametrize("reader", READERS)
def test_a_ticket_is_printed_without_what_is_for_the_screen(
    reader: str, live_server: LiveServer, new_page: NewPage
) -> None:
    page = enter(new_page(), live_server, reader)
    page.goto(demo_ticket(READERS[reader]))
    expect(page.locator(PRESSED).first).to_be_visible()
    on_paper(page)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("term").filter(has_text="Policy & Procedure")).to_be_visible()
    expect(page.get_by_role("link", name="Worksheet.pdf").first).to_be_visible()
    expect(page.get_by_text("filed the request")).to_be_visible()
    expect(page.locator(PRESSED)).to_have_count(0)
    over = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(over) <= 0
