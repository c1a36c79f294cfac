"""The main job with nothing but a keyboard; wherever the focus is, one sees it."""

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import PHONE, WIDE, NewPage
from tests.support.servers import LiveServer
from tests.web.walk import number_on, password_of

MOST_TABS = 60
FOCUS = """() => {
    const at = document.activeElement, box = at.getBoundingClientRect()
    const drawn = s => s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2
    const outlined = e => e && e !== document.body && (
        drawn(getComputedStyle(e)) || outlined(e.parentElement))
    // the button of a calendar, within a date, has the browser's own outline
    const within = at.type === 'date' && !at.matches(':focus')
    const middle = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)
    return {
        name: (at.ariaLabel || at.labels?.[0]?.innerText || at.innerText || '').trim(),
        outlined: Boolean(within || outlined(at)),
        uncovered: Boolean(middle && (middle === at || at.contains(middle) || middle.contains(at))),
    }
}"""


class Hands:
    """Off the mouse. Without smooth scrolling: a focus on its way into view can't be judged."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.emulate_media(reduced_motion="reduce")

    def tab_to(self, name: str) -> None:
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            focus = self.page.evaluate(FOCUS)
            if focus["name"]:
                assert focus["outlined"], f"no outline around {focus['name']}"
                assert focus["uncovered"], f"{focus['name']} is out of sight"
            if name in focus["name"]:
                return
        raise AssertionError(f"{MOST_TABS} tabs did not lead to {name}")

    def fill(self, label: str, words: str) -> None:
        self.tab_to(label)
        self.page.keyboard.type(words)

    def tick(self, label: str) -> None:
        self.tab_to(label)
        self.page.keyboard.press("Space")

    def enter(self, name: str) -> None:
        """Waits for the page it leads to: keys that are pressed before would be lost."""
        self.tab_to(name)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def sign_in(self, username: str, password: str) -> None:
        self.page.goto("/sign-in")
        self.fill("Username", username)
        self.fill("Password", password)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")


@pytest.mark.parametrize(
    ("size", "about"), [(WIDE, "Paul Weiss"), (PHONE, "Kim Bauer")], ids=["wide", "phone"]
)
def test_the_job_is_done_by_keyboard_alone(
    size: tuple[int, int], about: str, live_server: LiveServer, new_page: NewPage
) -> None:
    lee = Hands(new_page(size=size))
    lee.sign_in("lee.tran", password_of(live_server, "lee.tran"))
    lee.enter("File a request")
    lee.fill("Find a person", about)
    lee.tick(about)
    lee.tick("They are locked out")
    lee.enter("Continue")
    lee.tick("The license is locked")
    lee.fill("Anything HAND should know?", "Only the keyboard works here.")
    lee.tick("I know that it is")
    lee.enter("Send request to HAND")
    number = number_on(lee.page)

    sam = Hands(new_page(size=size))
    sam.sign_in("sam.reed", password_of(live_server, "sam.reed"))
    sam.enter("Queue")
    sam.enter(f"{number} Request New Password")
    sam.enter("Take it")
    sam.enter("Approve")
    sam.tick("I have checked the person")
    sam.enter("Approve")
    expect(sam.page.get_by_text("You approved the request.")).to_be_visible()


def test_errors_take_the_focus_and_lead_to_their_fields(
    live_server: LiveServer, new_page: NewPage
) -> None:
    hands = Hands(new_page())
    hands.page.goto("/sign-in")
    hands.enter("Sign in")
    expect(hands.page.get_by_role("alert")).to_be_focused()
    hands.tab_to("Type your username.")
    hands.page.keyboard.press("Enter")
    expect(hands.page.get_by_label("Username")).to_be_focused()


def test_the_first_tab_leads_past_the_navigation(
    live_server: LiveServer, new_page: NewPage
) -> None:
    hands = Hands(new_page())
    hands.page.goto("/cant-log-in")
    hands.tab_to("Skip to the page")
    hands.page.keyboard.press("Enter")
    expect(hands.page.get_by_role("main")).to_be_focused()
