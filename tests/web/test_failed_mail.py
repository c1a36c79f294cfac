"""A mail that its server refuses for good stands on staff's screen until a person decides."""

from playwright.sync_api import Locator, Page, expect

from tests.support.browser import NewPage
from tests.support.servers import LiveServer
from tests.support.smtp import SmtpServer
from tests.web.house import patiently
from tests.web.walk import enter, file_for, mail, press

REFUSED = "550 5.1.1 No such user here"


def test_a_refused_mail_is_shown_and_retried(
    live_server: LiveServer, smtp_server: SmtpServer, new_page: NewPage
) -> None:
    smtp_server.fail(REFUSED, recipient="wen.li@example.org")
    number = file_for(enter(new_page(), live_server, "lee.tran"), "wen.li", "Something else")
    mail(smtp_server, "lee.tran", f"[{number}]")
    sam = enter(new_page(), live_server, "sam.reed")
    failed = look_for(sam, number)
    expect(failed).to_contain_text("Email “Received” to Wén Lǐ")
    expect(failed).to_contain_text("The mail server refused this address for good")
    expect(failed).to_contain_text("tried once")

    smtp_server.heal()
    failed.get_by_role("button", name="Retry").click()
    expect(sam.get_by_text("It will be tried again right away.")).to_be_visible()
    mail(smtp_server, "wen.li", f"[{number}]")
    assert len(smtp_server.to("wen.li@example.org")) == 1
    expect(sam.get_by_role("listitem").filter(has_text=number)).to_have_count(0)


def test_a_refused_mail_is_given_up_with_a_reason_that_its_ticket_shows(
    live_server: LiveServer, smtp_server: SmtpServer, new_page: NewPage
) -> None:
    smtp_server.fail(REFUSED, recipient="kim.bauer@example.org")
    number = file_for(enter(new_page(), live_server, "lee.tran"), "kim.bauer", "Something else")
    sam = enter(new_page(javascript=False), live_server, "sam.reed")
    look_for(sam, number).get_by_role("link", name="Give up").click()
    press(sam, "Give up")
    expect(sam.get_by_role("alert")).to_contain_text("Say why")
    sam.get_by_label("Why it will not be done").fill("Kim’s mailbox is closed; I called her.")
    press(sam, "Give up")
    expect(sam.get_by_text("Given up. The reason is kept.")).to_be_visible()
    sam.goto("/queue")
    sam.get_by_role("link", name=number).click()
    line = sam.get_by_role("listitem").filter(has_text="Email “Received” to Kim Bauer")
    expect(line).to_contain_text("Given up")
    expect(line).to_contain_text("Kim’s mailbox is closed; I called her.")


def look_for(staff: Page, number: str) -> Locator:
    """The entry of the ticket's failed effect; it may take the worker a moment to fail."""
    failed = staff.get_by_role("main").get_by_role("listitem").filter(has_text=number)

    def there() -> int | None:
        staff.goto("/effects")
        return failed.count() or None

    patiently(f"a failed effect of {number}", there)
    return failed
