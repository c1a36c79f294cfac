"""How people fill in the forms of requests in a browser: whom, what, the courses, the documents."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.support.papers import pdf
from tests.web.walk import NAMES, number_on, press
from workflows.papers import KINDS

SEND = "Send request to HAND"


def paper(name: str, content: bytes | None = None) -> FilePayload:
    """A file to choose: a PDF of its own, if it isn't said what is in it."""
    found = pdf(name) if content is None else content
    return {"name": name, "mimeType": "application/octet-stream", "buffer": found}


DETROIT = ZoneInfo("America/Detroit")


def day(ago: int) -> str:
    """As a form takes it, on the desk's own calendar."""
    return (datetime.now(DETROIT).date() - timedelta(days=ago)).isoformat()


def find_form(page: Page, about: str, what: str) -> None:
    """As an agency admin, from home over the two questions to the form."""
    page.goto("/")
    page.get_by_role("link", name="File a request").first.click()
    page.get_by_label(NAMES[about]).check()
    page.get_by_label(what).check()
    press(page, "Continue")
    expect(page.get_by_role("heading", name=NAMES[about])).to_be_visible()


def introduce(page: Page, name: str, email: str, level: str = "Case Manager I") -> None:
    """Fills in who comes, and what they will do."""
    first, last = name.split(" ", 1)
    page.get_by_label("Legal first name").fill(first)
    page.get_by_label("Legal last name").fill(last)
    page.get_by_label("Work email").fill(email)
    page.get_by_label("Employee").check()
    page.get_by_label("Supervisor", exact=True).fill("Robin Ames")
    page.get_by_label("Access level").select_option(label=level)
    page.get_by_label("Primary provider").fill("Harbor House – Shelter")


def tell_courses(page: Page, ago: int = 20) -> None:
    """The same day for each course that the form asks for."""
    for field in page.locator("input[name^=course_]").all():
        if field.is_visible():
            field.fill(day(ago))


def line(page: Page, kind: str) -> Locator:
    """A line of the checklist."""
    return page.locator(f"[data-kind={kind}]")


def choose(page: Page, kind: str, *files: FilePayload) -> None:
    line(page, kind).locator("input").set_input_files(list(files))


def attach(page: Page, *kinds: str) -> None:
    """With scripts: a file for each, which is there at once."""
    for kind in kinds:
        name = f"{KINDS[kind].label}.pdf"
        choose(page, kind, paper(name))
        expect(line(page, kind).get_by_role("link", name=name)).to_be_visible()


def send(page: Page) -> str:
    """Gives the number of the ticket."""
    press(page, SEND)
    return number_on(page)
