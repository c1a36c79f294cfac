"""The tour of a worksheet that others sign by mailed links."""

from collections.abc import Iterator

from playwright.sync_api import Page

from tests.support.servers import LiveServer
from tests.web.house import mail_to, one_time_link
from tests.web.signing_walk import file_newcomer
from tests.web.walk import enter, press, submit


def signing_by_link(page: Page, server: LiveServer) -> Iterator[str]:
    enter(page, server, "dana.price")
    file_newcomer(page, "nils.acker@example.org", "ed.moss@example.org")
    ticket = page.url.partition("?")[0]
    yield "agency-unsigned"
    page.context.clear_cookies()
    link = one_time_link(mail_to(server, "ed.moss", "Please sign"))
    page.goto(link)
    yield "sign"
    press(page, "Sign")
    yield "sign-error"
    page.goto(f"{link}/cannot")
    yield "sign-cannot"
    press(page, "Tell Dana Price")
    yield "sign-cannot-error"
    page.get_by_label("Why you can’t sign it").fill("Which project is it?")
    submit(page, "Tell Dana Price")
    yield "sign-ended"
    page.goto(one_time_link(mail_to(server, "nils.acker", "Please sign")))
    page.get_by_label("Your full name").fill("Nils Acker")
    submit(page, "Sign")
    yield "sign-signed"
    enter(page, server, "dana.price")
    page.goto(ticket)
    yield "agency-declined"
    page.goto(f"{ticket}/ask_to_sign")
    yield "agency-ask-to-sign"
    page.get_by_label("Their work email").fill("ed")
    submit(page, "Ask again to sign")
    yield "agency-ask-to-sign-error"
    page.context.clear_cookies()
    enter(page, server, "sam.reed")
    page.goto(ticket)
    yield "staff-unsigned"
