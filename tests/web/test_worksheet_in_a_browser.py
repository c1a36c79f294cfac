"""The worksheet as a page, in a browser: with the keyboard alone, and what HAND sees of it."""

import io

import pypdf
import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import PHONE, WIDE, NewPage
from tests.support.servers import LiveServer
from tests.web.filing import SEND, day, introduce, paper, send
from tests.web.house import filing_form
from tests.web.test_by_keyboard import Hands
from tests.web.walk import enter, submit
from workflows.guards import NEW_USER, RECERTIFY

SIGN = "Sign it and go on"


def fill_in_courses(page: Page, ago: int = 20) -> None:
    for field in page.locator("input[name$='.day']").all():
        if field.is_visible():
            field.fill(day(ago))


def test_a_fault_is_read_mended_and_hand_gets_the_worksheet(
    live_server: LiveServer, new_page: NewPage
) -> None:
    dana = enter(new_page(), live_server, "dana.price")
    dana.goto(filing_form("vera.blum", RECERTIFY))
    submit(dana, "Fill it in here")
    fill_in_courses(dana)
    dana.get_by_role("group", name="Policy & Procedure").get_by_label("Score").fill("60")
    dana.get_by_label("Your name").fill("Dana Price")
    dana.get_by_label("They signed a page").check()
    dana.get_by_label("Pages that they signed").set_input_files([paper("signed.pdf")])
    submit(dana, SIGN)
    words = "Policy & Procedure: 60 % is less than 80 %, so it has to be taken again."
    dana.get_by_role("link", name=words).click()
    mended = dana.get_by_role("group", name="Policy & Procedure").get_by_label("Score")
    expect(mended).to_be_focused()
    mended.fill("92")
    expect(dana.get_by_label("Your name")).to_have_value("Dana Price")
    submit(dana, SIGN)
    number = send(dana)
    sam = enter(new_page(), live_server, "sam.reed")
    sam.goto(dana.url.partition("?")[0])
    expect(sam.get_by_role("heading", name=number)).to_be_visible()
    look = "The signature of the user is on a page that is attached"
    expect(sam.get_by_text(look).first).to_be_visible()
    name = "User License Recertification Worksheet Vera Blum.pdf"
    with sam.expect_download() as download:
        sam.get_by_role("link", name=name, exact=True).click()
    pages = pypdf.PdfReader(io.BytesIO(download.value.path().read_bytes())).pages
    told = " ".join(page.extract_text() for page in pages)
    assert "Signed electronically, signed in as dana.price" in told


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_with_the_keyboard_alone(
    size: tuple[int, int], live_server: LiveServer, new_page: NewPage
) -> None:
    page = enter(new_page(size=size), live_server, "dana.price")
    page.goto(filing_form("ada.moss", RECERTIFY))
    hands = Hands(page)
    hands.enter("Fill it in here")
    hands.fill("Score", "88")
    hands.fill("Your name", "Dana Price")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Your name")).to_be_focused()  # nobody signs by accident
    hands.enter(SIGN)
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("Score").first).to_have_value("88")
    hands.enter("Back to the request")
    expect(page.get_by_role("button", name=SEND)).to_be_visible()


def test_what_is_chosen_shows_the_courses_it_needs(
    live_server: LiveServer, new_page: NewPage
) -> None:
    page = enter(new_page(), live_server, "dana.price")
    page.goto(f"/requests/new/{NEW_USER}")
    introduce(page, "Nils Acker", "nils.acker@harbor.example", level="Read-only")
    submit(page, "Fill it in here")
    expect(page.get_by_role("group", name="Intake Staff")).to_be_hidden()
    page.get_by_label("Access level").select_option(label="Agency Staff")
    expect(page.get_by_role("group", name="Intake Staff")).to_be_visible()
    expect(page.get_by_label("Legal last name")).to_have_value("Acker")
