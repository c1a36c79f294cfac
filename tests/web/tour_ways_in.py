"""The tour of the ways in: signing in, mailed links, passwords, and a licensee at home."""

from collections.abc import Iterator

from playwright.sync_api import Page

from helpdesk.views.show.guide import BEGIN, ENDINGS, QUESTIONS
from tests.support.servers import LiveServer
from tests.web.house import demo_ticket, mail_to, one_time_link
from tests.web.walk import WAY_IN, ask_for_link, enter, submit


def stranger(page: Page, server: LiveServer) -> Iterator[str]:
    page.goto("/sign-in")
    yield "sign-in"
    submit(page, "Sign in")
    yield "sign-in-empty"
    page.get_by_label("Username").fill("nobody.here")
    page.get_by_label("Password", exact=True).fill("not a password")
    submit(page, "Sign in")
    yield "sign-in-wrong"
    page.goto("/forgot-password")
    yield "forgot-password"
    submit(page, "Send")
    yield "forgot-password-empty"
    page.get_by_label("Username").fill("omar.haddad")
    submit(page, "Send")
    yield "forgot-password-sent"
    for step in ("", *(f"/{name}" for name in {**QUESTIONS, **ENDINGS} if name != BEGIN)):
        page.goto(f"/why-cant-i-log-in{step}")
        yield f"why{step.replace('/', '-')}"
    page.goto("/cant-log-in")
    yield "cant-log-in"
    submit(page, "Send")
    yield "cant-log-in-empty"
    ask_for_link(page, "noor.aziz")
    yield "cant-log-in-sent"
    page.goto(one_time_link(mail_to(server, "noor.aziz", WAY_IN)))
    yield "link"
    page.goto("/link/long-gone")
    yield "link-ended"
    page.goto("/nowhere")
    yield "not-found"


def owner_of_a_new_password(page: Page, server: LiveServer) -> Iterator[str]:
    page.goto(one_time_link(mail_to(server, "paul.weiss", "choose a new password")))
    yield "set-password"
    page.get_by_label("New password").fill("short")
    page.get_by_label("The same once more").fill("short")
    submit(page, "Save my new password")
    yield "set-password-weak"
    page.goto("/set-password/long-gone")
    yield "set-password-ended"
    submit(page, "Send me a new link")
    yield "set-password-new-link"


def licensee_by_link(page: Page, server: LiveServer) -> Iterator[str]:
    ask_for_link(page, "ivy.stone")
    page.goto(one_time_link(mail_to(server, "ivy.stone", WAY_IN)))
    submit(page, "Continue as Ivy Stone")
    yield "link-home"
    page.goto("/requests/new")
    yield "link-choice"
    page.get_by_role("link", name="Request New Password").click()
    yield "link-file"
    submit(page, "Send request to HAND")
    yield "link-file-empty"
    page.goto("/sign-out")
    yield "wrong-method"


def licensee(page: Page, server: LiveServer) -> Iterator[str]:
    enter(page, server, "kim.bauer")
    yield "licensee-home"
    page.goto("/requests/new")
    yield "licensee-choice"
    page.goto(demo_ticket("kim.bauer"))
    yield "licensee-ticket-withdrawn"
