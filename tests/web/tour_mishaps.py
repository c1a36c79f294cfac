"""The tour of what went wrong, and of the mails in a developer’s mailbox."""

from collections.abc import Iterator

from playwright.sync_api import Page

from tests.support.servers import LiveServer
from tests.web.house import by_hand, filing_form, mail_to, patiently
from tests.web.walk import enter, submit


def failures(page: Page, server: LiveServer) -> Iterator[str]:
    """Staff file for somebody whose account is lost; a colleague approves; it can't be done."""
    enter(page, server, "sam.reed")
    page.goto("/effects")
    yield "effects-none"
    page.goto(filing_form("ivy.stone"))
    yield "staff-file"
    page.get_by_label("The license is locked").check()
    page.get_by_label("Who asks for it?").select_option(label="Ivy Stone")
    page.get_by_label("know that it is Ivy Stone").check()
    submit(page, "Send request to HAND")
    submit(page, "Take it")
    yield "staff-ticket-own-filing"
    address = page.url.partition("?")[0]
    page.goto(f"{address}/approve")
    yield "staff-approve-refused"
    page.context.clear_cookies()
    enter(page, server, "morgan.hale")
    lose_account(server, "ivy.stone")
    page.goto(f"{address}/approve")
    page.get_by_label("I have checked the person").check()
    submit(page, "Approve")
    yield "staff-approved"
    page.goto("/effects")
    patiently("a failed account action", lambda: reloaded(page, "There is no account"))
    fail_mail(server)
    page.reload()
    yield "effects"
    page.get_by_role("link", name="Give up on Unlock the account of Ivy Stone").click()
    yield "effects-give-up"
    submit(page, "Give up")
    yield "effects-give-up-empty"
    page.goto(address)
    yield "staff-ticket-needs-attention"


def reloaded(page: Page, words: str) -> int | None:
    page.reload()
    return page.get_by_text(words).count() or None


def lose_account(server: LiveServer, username: str) -> None:
    person = f"(SELECT id FROM person WHERE username = '{username}')"
    by_hand(server, f"DELETE FROM account WHERE person_id = {person}")


def fail_mail(server: LiveServer) -> None:
    """A mail that belongs to no ticket."""
    by_hand(
        server,
        "UPDATE effect SET status = 'dead', error = '550 5.1.1 No such user here'"
        " WHERE id = (SELECT min(id) FROM effect WHERE kind = 'mail' AND ticket_id IS NULL)",
    )


def developer(page: Page, server: LiveServer) -> Iterator[str]:
    mail_to(server, "paul.weiss", "choose a new password")
    page.goto("/dev/mail")
    yield "mail"
    page.get_by_role("link", name="choose a new password").first.click()
    yield "mail-one"
