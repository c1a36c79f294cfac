"""My people as Dana uses it: who needs her first, one click to what helps, a name is found."""

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import PHONE, WIDE, NewPage
from tests.support.servers import LiveServer
from tests.web.walk import enter, press


def first_row(page: Page) -> str:
    return page.locator("table.people tbody tr").first.inner_text()


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_what_needs_me_now_is_first_and_one_click_from_what_helps(
    size: tuple[int, int], live_server: LiveServer, new_page: NewPage
) -> None:
    page = enter(new_page(size=size), live_server, "dana.price")
    page.get_by_role("link", name="My people").first.click()
    expect(page.get_by_role("heading", name="My people")).to_be_visible()
    assert "HAND asks you" in first_row(page)
    page.get_by_role("link", name="Needs me now").click()
    expect(page.get_by_role("row", name="All well")).to_have_count(0)
    page.get_by_role("link", name="Reactivate License, June Park").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Reactivate License")
    expect(page.get_by_text("June Park").first).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no scripts"])
def test_people_are_sorted_filtered_and_found(
    javascript: bool, live_server: LiveServer, new_page: NewPage
) -> None:
    page = enter(new_page(javascript=javascript), live_server, "dana.price")
    page.goto("/people")
    page.get_by_role("link", name="Expires").click()
    assert "Tess Moran" in first_row(page)
    page.get_by_text("Sort, filter").click()
    page.get_by_label("Sort by").select_option("Longest without a log-in")
    page.get_by_label("License", exact=True).select_option("Active")
    press(page, "Show")
    expect(page.get_by_role("link", name="License: Active")).to_be_visible()
    assert "Lena Fox" in first_row(page)
    page.get_by_label("Find one of my people").fill("bra hugo")
    press(page, "Find")
    expect(page.locator("table.people tbody tr")).to_have_count(1)
    assert "Hugo Brandt" in first_row(page)
    assert "hugo" not in page.url
    page.get_by_role("link", name="“bra hugo”").click()
    expect(page.get_by_role("row", name="Lena Fox")).to_be_visible()
