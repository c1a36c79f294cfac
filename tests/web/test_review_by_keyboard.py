"""Documents are reviewed with nothing but a keyboard, from the queue to the answer; what a pointer
does on a phone; and keys that one can turn off."""

from playwright.sync_api import Page, expect

from tests.support.browser import PHONE, NewPage
from tests.support.servers import LiveServer
from tests.web.house import demo_ticket, read_worksheet
from tests.web.test_by_keyboard import Hands
from tests.web.walk import enter, password_of

MOST_CHECKS = 20
BELOW_THE_FOOT = """() => {
  const foot = document.querySelector('.foot').getBoundingClientRect().bottom
  return document.documentElement.scrollHeight - scrollY - Math.max(innerHeight, foot)
}"""


def press(page: Page, key: str) -> None:
    """A key that sends something: waits for the page it leads to."""
    with page.expect_navigation():
        page.keyboard.press(key)


def test_a_faulty_worksheet_goes_back_with_each_thing_named(
    live_server: LiveServer, new_page: NewPage
) -> None:
    wrong = {"user.signature": "", "admin.signed_on": "13/45/2026", "agency": "Elsewhere"}
    read_worksheet(live_server, "olga.reyes", wrong)
    sam = Hands(new_page())
    page = sam.page
    sam.sign_in("sam.reed", password_of(live_server, "sam.reed"))
    sam.enter("Queue")
    sam.enter(f"HD-10{int(demo_ticket('olga.reyes').rpartition('/')[2]):02} Recertification")
    sam.enter("Take it")
    sam.enter("Review the documents")
    focused, chosen = page.locator("summary:focus"), page.locator(".place.is-chosen")
    expect(focused).to_contain_text("The check code is right.")
    assert page.evaluate(BELOW_THE_FOOT) <= 1
    press(page, "f")
    expect(focused).to_contain_text("The agency is the one on file.")
    expect(chosen).to_have_attribute("id", "place-agency")
    page.keyboard.press("k")
    expect(chosen).to_have_attribute("id", "place-email")
    for _ in range(MOST_CHECKS):
        page.keyboard.press("n")
    expect(focused).to_contain_text("The agency admin signed, with the date.")
    page.keyboard.press("c")
    expect(page.locator("#read-admin_signed-1")).to_be_focused()
    sam.fill("Date", "11/")
    expect(page.locator("#read-admin_signed-2")).to_have_value("11/")  # and no key did anything
    page.keyboard.press("Control+a")
    page.keyboard.type(page.locator("[data-check=user_signed] [name=text]").last.input_value())
    press(page, "Enter")
    expect(focused).to_contain_text("Fine")
    expect(page.get_by_text("Sam Reed read this")).to_be_visible()
    press(page, "x")
    message = page.get_by_label("Message")
    expect(message).to_have_value(
        "Please mend this and send it again.\n\nUser License Recertification Worksheet:\n"
        "– The agency on the worksheet is Elsewhere, on file it is Eastside Family Shelter.\n"
        "– The signature of the user is missing."
    )
    expect(page.get_by_label("User License Recertification Worksheet")).to_be_checked()
    sam.enter("Ask for more")
    expect(page.get_by_text("You asked for more")).to_be_visible()


def test_a_scan_is_checked_by_hand_and_approved(
    live_server: LiveServer, new_page: NewPage
) -> None:
    sam = Hands(new_page())
    page = sam.page
    sam.sign_in("sam.reed", password_of(live_server, "sam.reed"))
    page.goto(demo_ticket("tess.moran"))
    sam.enter("Review the documents")
    for _ in range(MOST_CHECKS):
        if page.locator(".rc.v-look").count() == 0:
            break
        press(page, "f")
    expect(page.locator(".rc.v-pass")).to_have_count(page.locator(".rc").count())
    press(page, "a")
    expect(page.get_by_text("All documents are accepted.")).to_be_visible()
    sam.enter("Approve")
    expect(page.get_by_text("You approved the request")).to_be_visible()


def test_keys_are_turned_off_and_stay_so(live_server: LiveServer, new_page: NewPage) -> None:
    page = enter(new_page(), live_server, "joan.abara")
    page.goto(f"{demo_ticket('Ella Brooks')}/review")
    page.get_by_label("Use these keys").uncheck()
    page.reload()
    expect(page.get_by_label("Use these keys")).not_to_be_checked()
    address, opened = page.url, page.locator("details.rc[open]")
    before = opened.count()
    page.locator(".rc summary").first.focus()
    for key in "nax":
        page.keyboard.press(key)
    expect(opened).to_have_count(before)
    expect(page.locator(".rc summary").first).to_be_focused()
    assert page.url == address


def test_a_place_on_the_page_leads_to_its_check(
    live_server: LiveServer, new_page: NewPage
) -> None:
    read_worksheet(live_server, "jo.sund", {"user.signature": ""})
    page = enter(new_page(size=PHONE), live_server, "joan.abara")
    page.goto(f"{demo_ticket('jo.sund')}/review")
    page.locator("#place-user_signed .place-n").click()
    expect(page.locator("[data-check=user_signed]")).to_have_attribute("open", "")
    expect(page.locator("[data-check=user_signed] summary")).to_be_in_viewport()
    page.locator("#note-user_signed").fill("Please sign")
    page.keyboard.type(" fxa")  # what is typed is typed
    expect(page.locator("[data-check=user_signed]")).to_have_attribute("open", "")
