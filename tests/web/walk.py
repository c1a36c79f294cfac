"""What people do on the desk's pages, in the pages' own words; with scripts and without."""

import re

from playwright.sync_api import Page, expect

from helpdesk.demo.cast import CAST
from tests.support.browser import PATIENCE
from tests.support.servers import LiveServer
from tests.support.smtp import Received, SmtpServer

expect.set_options(timeout=PATIENCE)
NAMES = {someone.username: someone.name for someone in CAST}
WAY_IN = "Your link to file"


def password_of(server: LiveServer, username: str) -> str:
    return next(row["password"] for row in server.accounts() if row["username"] == username)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def submit(page: Page, name: str) -> None:
    """Presses a button that sends a form, and waits until the answer is the page."""
    with page.expect_navigation():
        press(page, name)


def sign_in(page: Page, username: str, password: str) -> None:
    page.goto("/sign-in")
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password", exact=True).fill(password)
    press(page, "Sign in")


def enter(page: Page, server: LiveServer, username: str) -> Page:
    """Signed in as somebody of the demo cast."""
    sign_in(page, username, password_of(server, username))
    expect(page.get_by_role("heading", level=1)).to_contain_text(NAMES[username].split()[0])
    return page


def sign_out(page: Page) -> None:
    page.locator("details.me summary").click()
    press(page, "Sign out")


def ask_for_link(page: Page, username: str) -> None:
    page.goto("/cant-log-in")
    page.get_by_label("HMIS username").fill(username)
    press(page, "Send")
    expect(page.get_by_role("heading", name="Check your email")).to_be_visible()


def file_for(page: Page, about: str, happened: str, note: str = "") -> str:
    """As an agency admin, from home to the ticket's page; gives its number."""
    page.goto("/")
    page.get_by_role("link", name="File a request").first.click()
    page.get_by_label("Find a person").fill(NAMES[about])
    press(page, "Find")
    page.get_by_label(NAMES[about]).check()
    page.get_by_label("locked out or forgot").check()
    press(page, "Continue")
    page.get_by_label(happened).check()
    page.get_by_label("Anything HAND should know?").fill(note)
    page.get_by_label(f"I know that it is {NAMES[about]}").check()
    press(page, "Send request to HAND")
    return number_on(page)


def number_on(page: Page) -> str:
    """The number of the ticket whose page this is."""
    heading = page.get_by_role("heading", level=1, name="HD-")
    return heading.inner_text().split()[0]


def take_from_queue(page: Page, number: str) -> None:
    """As staff: finds the ticket's line and takes it there."""
    page.goto("/queue")
    line = page.get_by_role("row", name=number)
    line.get_by_role("button", name="Take it").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(number)
    expect(page.get_by_text("You are on it")).to_be_visible()


def approve(page: Page) -> None:
    """From the ticket's page; ticks the identity check where one is asked for."""
    page.get_by_role("link", name="Approve").click()
    expect(page.get_by_role("heading", name="Approve", exact=True)).to_be_visible()
    check = page.get_by_label("I have checked the person")
    if check.count():
        check.check()
    press(page, "Approve")
    expect(page.get_by_text("You approved the request.")).to_be_visible()


def choose_password(page: Page, link: str, password: str) -> None:
    page.goto(link)
    type_password(page, password)
    expect(page.get_by_text("Your new password is saved")).to_be_visible()


def type_password(page: Page, password: str, again: str | None = None) -> None:
    page.get_by_label("New password").fill(password)
    page.get_by_label("The same once more").fill(password if again is None else again)
    press(page, "Save my new password")


def mail(smtp: SmtpServer, username: str, subject: str) -> Received:
    """The newest mail to one of the cast whose subject holds these words, once it is there."""
    address = f"{username}@example.org"
    return smtp.wait_for(
        lambda mail: address in mail.recipients and subject in mail.subject, timeout=20
    )[-1]


def one_time_link(mail: Received) -> str:
    found = re.search(r"https?://\S+/(?:link|set-password|reset-password|sign)/\S+", mail.text)
    assert found is not None, mail.text
    return found[0]
