"""“Why can’t I log in?”: from the sign-in page to every ending, and nothing about anybody."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from helpdesk.views.show.guide import BEGIN, ENDINGS, QUESTIONS
from tests.helpdesk.conftest import dump_rows
from tests.support.browser import PHONE, NewPage
from tests.support.servers import LiveServer
from tests.web.visitor import Visitor

MOST_QUESTIONS = 3
BUTTONS = {
    "forgotten": "Forgot Password",
    "locked": "Email me a link to unlock it",
    "expired": "Email me a link to recertify",
    "inactivated": "Write to my agency admin",
    "deleted": "Write to my agency admin",
    "not-created": "Write to my agency admin",
    "being-created": "Email me how my license stands",
    "suspended": "Email me how my license stands",
    "not-sure": "Email me how my license stands",
}
SAYS = {
    "forgotten": "bad ones in a row lock a license",
    "locked": "Request New Password",
    "expired": "User License Recertification Worksheet",
    "inactivated": "Reactivate License",
    "deleted": "New User License",
    "not-created": "User Agreement and the Code of Ethics",
    "being-created": "When it is ready, you get an email",
    "suspended": "get in touch with HAND",
    "not-sure": "email address on file",
}


def ways(name: str = BEGIN, so_far: tuple[str, ...] = ()) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each ending with the answers that lead there."""
    if name in ENDINGS:
        yield name, so_far
        return
    for answer in QUESTIONS[name].answers:
        yield from ways(answer.to, (*so_far, answer.label))


def test_every_answer_leads_to_an_ending_within_three_questions() -> None:
    found = list(ways())
    assert {ending for ending, _ in found} == set(ENDINGS) == set(BUTTONS) == set(SAYS)
    assert max(len(answers) for _, answers in found) <= MOST_QUESTIONS


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without scripts"])
def test_every_ending_is_reached_from_the_sign_in_page(
    javascript: bool, live_server: LiveServer, new_page: NewPage
) -> None:
    page = new_page(size=PHONE, javascript=javascript)
    for ending, answers in ways():
        page.goto("/sign-in")
        page.get_by_role("link", name="Why can’t I log in?").click()
        for answer in answers:
            page.get_by_role("link", name=answer, exact=True).click()
        expect(page.get_by_role("main")).to_contain_text(SAYS[ending])
        buttons = page.locator("main .btn")
        expect(buttons).to_have_count(1)
        expect(buttons).to_contain_text(BUTTONS[ending])
        leads_on(page)


def leads_on(page: Page) -> None:
    """What the ending offers is there: a mail to begin, or a page that asks for the username."""
    button = page.locator("main .btn")
    if not (button.get_attribute("href") or "").startswith("mailto:"):
        button.click()
        expect(page.get_by_label("Username")).to_be_visible()


@pytest.mark.parametrize("step", [name for name in (*QUESTIONS, *ENDINGS) if name != BEGIN])
def test_looking_changes_nothing_and_asks_for_nothing(step: str, stranger: Visitor) -> None:
    before = dump_rows()
    page = stranger.get(f"/why-cant-i-log-in/{step}")
    assert (page.status, page.forms) == (200, [])
    assert dump_rows() == before


def test_the_first_question_has_one_address_only(stranger: Visitor) -> None:
    assert stranger.get(f"/why-cant-i-log-in/{BEGIN}").status == 404
    assert stranger.get("/why-cant-i-log-in/../config.py").status == 404
