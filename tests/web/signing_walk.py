"""How an agency’s admin has a newcomer’s worksheet signed by mailed links, in a browser."""

from playwright.sync_api import Page

from tests.web.filing import attach, day, introduce, send
from tests.web.walk import submit
from workflows.guards import NEW_USER
from workflows.papers import AGREEMENT_AND_ETHICS

SIGN = "Sign it and go on"


def fill_in_worksheet(page: Page, email: str, director: str) -> None:
    """Of Nils Acker, who is new; Dana Price signs, and Ed Moss is the director."""
    page.goto(f"/requests/new/{NEW_USER}")
    introduce(page, "Nils Acker", email)
    submit(page, "Fill it in here")
    page.get_by_label("Title").fill("Case manager")
    page.get_by_label("Supervisor’s email").fill("robin.ames@example.org")
    page.get_by_label("User Agreement signed on").fill(day(9))
    page.get_by_label("Code of Ethics signed on").fill(day(9))
    for course in page.locator("input[name$='.day']").all():
        if course.is_visible():
            course.fill(day(20))
    page.get_by_label("Name of the executive director").fill("Ed Moss")
    page.get_by_label("Their work email").fill(director)
    page.get_by_label("Your name").fill("Dana Price")


def file_newcomer(page: Page, email: str, director: str) -> str:
    """Gives the number of the ticket, whose page is shown."""
    fill_in_worksheet(page, email, director)
    submit(page, SIGN)
    attach(page, AGREEMENT_AND_ETHICS)
    return send(page)
