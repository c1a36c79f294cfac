"""Every page: axe-core's rules, nothing too wide or cut off, the main thing in view."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.support.browser import PHONE, WIDE, NewPage
from tests.support.servers import LiveServer, start
from tests.web.tour import GUIDES

AXE: str = Axe().axe_script
ALL_RULES = {"resultTypes": ["violations"]}
COLORS = {**ALL_RULES, "runOnly": ["color-contrast", "link-in-text-block"]}

TOO_WIDE = """() => [...document.querySelectorAll('body *')]
    .filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('pre, .pick'))
    .map(e => e.outerHTML.slice(0, 80))"""
OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
CUT = """() => [...document.querySelectorAll('.q td:first-child, .q .st, .q .r')]
    .filter(e => e.scrollWidth > e.clientWidth).map(e => e.innerText)"""
BOTTOMS = """what => { scrollTo(0, 0); return [...document.querySelectorAll(what)]
    .filter(e => e.checkVisibility()).map(e => e.getBoundingClientRect().bottom) }"""
MAIN_THING = "main .btn-main"
COMES_FIRST = {
    "new-user-form-empty": "#problem li",  # twenty questions: what to mend is said first,
    "new-user-form-errors": "#problem li",  # and the button stays beside the form
    "new-user-form-drafts": "h1",  # the button waits below what is still to do
    "recertify-worksheet": ".facts",  # a paper to go through, with the button at its end
    "recertify-worksheet-errors": "#problem li",
    "new-user-worksheet": "#sheet-first_name",
    "new-user-worksheet-errors": "#problem li",
    "agency-new-user-waiting": ".doc-needed label",  # what is needed has its place first, then
    "agency-converted-new": ".needed .ev-text",  # come words, and the button under all of it
    "agency-answer-without-paper": ".problem",
    "manage-straight-rule": "#active-0",  # the switch, and the numbers and the reason below it
    "manage-straight-rule-on": "#active-0",
    "manage-straight-too-many-faults": "#problem li",
}
"""Pages whose main button can't be in view at once, and what has to be there instead."""


@pytest.fixture(scope="module")
def live_server(
    demo_instance: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveServer]:
    """One that mails into files, since the tour reads its mail there."""
    server = start(tmp_path_factory.mktemp("tour"), {}, demo_instance)
    yield server
    server.stop()


@pytest.mark.parametrize("guide", GUIDES)
def test_every_page_is_accessible_and_fits(
    guide: str, live_server: LiveServer, new_page: NewPage
) -> None:
    page = new_page()
    page.emulate_media(reduced_motion="reduce")
    faults: dict[str, list[str]] = {}
    for name in GUIDES[guide](page, live_server):
        if found := look_at(page, COMES_FIRST.get(name, MAIN_THING)):
            faults[name] = found
    assert not faults


def look_at(page: Page, main_thing: str) -> list[str]:
    """Color alone differs between light and dark, so in the dark only color is asked about."""
    page.wait_for_load_state()  # a click comes back as soon as the next page has begun
    found = [f"wide {fault}" for fault in axe(page, ALL_RULES)]
    found += below_the_fold(page, main_thing)
    found += [f"cut off: {words}" for words in page.evaluate(CUT)]
    dark(page, True)
    found += [f"wide, dark {fault}" for fault in axe(page, COLORS)]
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    found += [f"phone, dark {fault}" for fault in axe(page, COLORS)]
    dark(page, False)
    found += [f"phone {fault}" for fault in axe(page, ALL_RULES)] + [*too_wide(page)]
    page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    return found


def dark(page: Page, wanted: bool) -> None:
    page.emulate_media(color_scheme="dark" if wanted else "light")


def axe(page: Page, options: Mapping[str, object]) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    violations = page.evaluate("async options => (await axe.run(options)).violations", options)
    return [
        f"{violation['id']}: {node['html'][:120]} {node['failureSummary']}"
        for violation in violations
        for node in violation["nodes"]
    ]


def below_the_fold(page: Page, main_thing: str) -> Iterator[str]:
    """The page's main thing to do is seen without scrolling."""
    bottoms = page.evaluate(BOTTOMS, main_thing)
    if bottoms and min(bottoms) > WIDE[1]:
        yield f"{main_thing} ends at {min(bottoms):.0f}"
    if not bottoms and main_thing != MAIN_THING:
        yield f"there is no {main_thing}"


def too_wide(page: Page) -> Iterator[str]:
    if (over := page.evaluate(OVERFLOW)) > 0:
        yield f"{over} pixels wider than a phone: {page.evaluate(TOO_WIDE)[:3]}"
