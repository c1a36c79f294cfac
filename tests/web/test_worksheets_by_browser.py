"""A worksheet in a browser: a wrong one is told of at once, mended, and sent."""

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import PHONE, WIDE, NewPage
from tests.support.servers import LiveServer
from tests.web import worksheets
from tests.web.filing import SEND, choose, day, line, paper, send
from tests.web.house import demo_ticket, filing_form, person_id
from tests.web.walk import enter, press
from workflows.guards import RECERTIFY
from workflows.papers import RECERTIFICATION_WORKSHEET as WORKSHEET

NO_NAME = "The name of the agency admin who verified it is missing."


def blank(page: Page, about: str) -> bytes:
    with page.expect_download() as begun:
        page.get_by_role("link", name="Download worksheet").click()
    assert begun.value.suggested_filename.endswith(".pdf")
    return page.request.get(f"/worksheets/{RECERTIFY}?person={person_id(about)}").body()


def add(page: Page, data: bytes, *, javascript: bool) -> None:
    choose(page, WORKSHEET, paper("worksheet.pdf", data))
    if not javascript:
        press(page, "Add the chosen files now")


@pytest.mark.parametrize(
    ("javascript", "size", "about", "level"),
    [(True, WIDE, "vera.blum", "case_manager_1"), (False, PHONE, "ada.moss", "agency_staff")],
    ids=["with scripts", "on a phone, without scripts"],
)
def test_a_wrong_worksheet_is_told_of_mended_and_sent(
    javascript: bool,
    size: tuple[int, int],
    about: str,
    level: str,
    live_server: LiveServer,
    new_page: NewPage,
) -> None:
    page = enter(new_page(javascript=javascript, size=size), live_server, "dana.price")
    page.goto(filing_form(about, RECERTIFY))
    empty = blank(page, about)
    add(page, worksheets.renewed(empty, level, admin__name=""), javascript=javascript)
    box = line(page, WORKSHEET)
    expect(box.get_by_text("1 thing is not right:")).to_be_visible()
    expect(box.get_by_text(NO_NAME)).to_be_visible()
    expect(box.get_by_text("To mend")).to_be_visible()
    expect(box.get_by_text("There", exact=True)).to_be_hidden()
    first = page.get_by_label("Basic Privacy & Security")
    expect(page.get_by_text("We read these from the worksheet.")).to_be_visible()
    expect(first).to_have_value(day(30))
    expect(first).to_have_accessible_description("From the worksheet.")
    if javascript:
        todo = page.get_by_role("link", name="Mend the User License Recertification Worksheet")
        expect(todo).to_be_visible()
    press(page, SEND)
    expect(page.get_by_role("heading", name="The worksheet is not right yet")).to_be_visible()
    expect(page.get_by_role("alert").get_by_text(NO_NAME)).to_be_visible()

    page.get_by_role("button", name="Remove").click()
    expect(box.get_by_text(NO_NAME)).to_be_hidden()
    expect(first).to_have_value("")
    expect(page.get_by_text("We read these from the worksheet.")).to_be_hidden()
    add(page, worksheets.renewed(empty, level), javascript=javascript)
    expect(box.get_by_text("Every check passes.")).to_be_visible()
    expect(box.get_by_text("There", exact=True)).to_be_visible()
    expect(box.get_by_text("To mend")).to_be_hidden()
    number = send(page)
    expect(page.get_by_text(f"Its number is {number}")).to_be_visible()
    expect(page.get_by_text("Every check passes.")).to_be_visible()


def test_a_day_that_was_typed_or_changed_stays_when_the_worksheet_goes(
    live_server: LiveServer, new_page: NewPage
) -> None:
    page = enter(new_page(), live_server, "rosa.klein")
    page.goto(filing_form("mia.roth", RECERTIFY))
    typed, changed, read = page.locator("input[name^=course_]").all()
    typed.fill(day(30))
    add(page, worksheets.renewed(blank(page, "mia.roth"), "case_manager_1"), javascript=True)
    expect(read).to_have_value(day(30))
    changed.fill(day(12))
    page.get_by_role("button", name="Remove").click()
    expect(read).to_have_value("")
    expect(changed).to_have_value(day(12))
    expect(typed).to_have_value(day(30))


def test_an_answer_is_filled_in_from_the_worksheet_that_comes_with_it(
    live_server: LiveServer, new_page: NewPage
) -> None:
    """Hugo’s request has become a Recertification, and waits for all that one needs."""
    page = enter(new_page(), live_server, "dana.price")
    page.goto(demo_ticket("hugo.brandt"))
    page.get_by_text("It goes on as HD-").get_by_role("link").click()
    first = page.get_by_label("Basic Privacy & Security")
    expect(first).to_have_value("")
    about = person_id("hugo.brandt")
    empty = page.request.get(f"/worksheets/{RECERTIFY}?person={about}").body()
    add(page, worksheets.renewed(empty, "case_manager_1"), javascript=True)
    expect(first).to_have_value(day(30))
    expect(line(page, WORKSHEET).get_by_text("Every check passes.")).to_be_visible()
    page.get_by_role("button", name="Remove").click()
    expect(first).to_have_value("")
