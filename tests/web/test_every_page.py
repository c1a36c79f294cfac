"""Every page: axe-core's rules, nothing too wide or cut off, the main thing in view."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import JSHandle, Page

from tests.support.browser import PHONE, WIDE, NewPage
from tests.support.servers import LiveServer, start
from tests.web.tour import GUIDES

AXE: str = Axe().axe_script
ALL_RULES = {"resultTypes": ["violations"]}
COLORS = {**ALL_RULES, "runOnly": ["color-contrast", "link-in-text-block"]}

NOTE_SHOWN = """where => {
    const all = [...document.querySelectorAll('body *')]
    window[where] = new Set(all.filter(e => e.checkVisibility()))
}"""
SHOWN_ONLY = """([here, there]) => [...window[here]].filter(
    e => !window[there].has(e) && window[there].has(e.parentElement))"""
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
    "agency-unsigned": ".signatures",  # nothing to do but to see who has still to sign
    "agency-declined": ".needed .ev-text",  # why somebody can’t sign; then the place to answer
    "sign": ".facts",  # a paper to read, with the button at its end
    "sign-error": "#problem li",
    "agency-new-user-waiting": ".doc-needed label",  # what is needed has its place first, then
    "agency-converted-new": ".needed .ev-text",  # come words, and the button under all of it
    "agency-answer-without-paper": ".problem",
    "staff-convert-empty": "#problem li",  # why none of the types fits, and the button below
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


PALE = """<!doctype html><html lang="en"><title>Pale</title><meta name="viewport"
content="width=device-width"><style>body {{ color: #000; background: #fff }}
@media (prefers-color-scheme: dark) {{ body {{ color: #fff; background: #000 }} }}
{hidden} {{ p {{ display: none }} }} {pale} }} }}</style>
<main><h1>Pale</h1><p>Hard to read</p></main></html>"""
IN_THE_LIGHT = "@media (prefers-color-scheme: light) { p { color: #999 "
IN_THE_DARK = "@media (prefers-color-scheme: dark) { p { color: #555 "
ON_PHONES, ON_OTHERS = "@media (max-width: 600px)", "@media (min-width: 601px)"


@pytest.mark.parametrize("pale", [IN_THE_LIGHT, IN_THE_DARK])
@pytest.mark.parametrize("hidden", [ON_PHONES, ON_OTHERS, "@media print"])
def test_what_is_pale_is_found_in_any_light_and_width(
    new_page: NewPage, hidden: str, pale: str
) -> None:
    page = new_page()
    page.set_content(PALE.format(hidden=hidden, pale=pale))
    assert any("color-contrast" in fault for fault in look_at(page, MAIN_THING))


def look_at(page: Page, main_thing: str) -> list[str]:
    """By all rules where it is wide and light, and on a phone in the dark. Light and dark differ
    in colors alone, and what both widths show has had both: what one width shows alone, is asked
    about its colors in the light that is left."""
    page.wait_for_load_state()  # a click comes back as soon as the next page has begun
    found = [f"wide {fault}" for fault in axe(page, ALL_RULES)]
    found += below_the_fold(page, main_thing)
    found += [f"cut off: {words}" for words in page.evaluate(CUT)]
    page.evaluate(NOTE_SHOWN, "wide")
    resize(page, PHONE)
    page.evaluate(NOTE_SHOWN, "phone")
    found += [f"phone {fault}" for fault in colors_of_what_is_only(page, "phone", "wide")]
    dark(page, True)
    found += [f"phone, dark {fault}" for fault in axe(page, ALL_RULES)] + [*too_wide(page)]
    resize(page, WIDE)
    found += [f"wide, dark {fault}" for fault in colors_of_what_is_only(page, "wide", "phone")]
    dark(page, False)
    return found


def resize(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})


def dark(page: Page, wanted: bool) -> None:
    page.emulate_media(color_scheme="dark" if wanted else "light")


def colors_of_what_is_only(page: Page, here: str, there: str) -> list[str]:
    parts = page.evaluate_handle(SHOWN_ONLY, [here, there])
    return axe(page, COLORS, parts) if parts.evaluate("parts => parts.length") else []


def axe(page: Page, options: Mapping[str, object], parts: JSHandle | None = None) -> list[str]:
    """`parts`: a list of elements; else the whole page."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    violations = page.evaluate(
        "async ([options, parts]) => (await axe.run(parts ?? document, options)).violations",
        [options, parts],
    )
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
