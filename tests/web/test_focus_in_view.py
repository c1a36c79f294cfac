"""On a phone, whatever has the focus is seen whole: no bar lies over it, not even over a part."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page

from helpdesk.demo.cast import EAST
from tests.support.browser import PHONE, NewPage
from tests.support.filled_sheets import Holder, worksheet_of
from tests.support.servers import LiveServer
from tests.web.filing import paper
from tests.web.house import demo_ticket, filing_form, person_id
from tests.web.walk import enter, submit
from workflows.guards import NEW_USER, REACTIVATE, RECERTIFY

MOST_TABS = 250
COVERED = """() => {
    const at = document.activeElement, rects = [...at.getClientRects()]
    if (!rects.length || at === document.body) return ''
    const mine = seen => seen && (seen === at || at.contains(seen) || seen.contains(at)
        || [...at.labels ?? []].some(label => label.contains(seen)))
    const first = rects[0], last = rects[rects.length - 1]
    const points = [[first.x + first.width / 2, first.y + 4],
        [last.x + last.width / 2, last.bottom - 4]]
    const seen = points.map(([x, y]) => document.elementFromPoint(x, y))
    // of a box for several lines, a browser shows the one that is typed next
    if (seen.every(mine) || (at.matches('textarea') && mine(seen[0]))) return ''
    return `${at.outerHTML.slice(0, 90)} under ${seen.map(e => e?.outerHTML.slice(0, 40))}`
}"""
PLACE = "() => [...document.querySelectorAll('*')].indexOf(document.activeElement)"
Way = Callable[[Page, LiveServer], None]


def to(path: str, user: str = "dana.price") -> Way:
    def go(page: Page, server: LiveServer) -> None:
        enter(page, server, user)
        page.goto(path)

    return go


def refused(path: str, user: str = "dana.price") -> Way:
    """With its errors beside the inputs."""

    def go(page: Page, server: LiveServer) -> None:
        to(path, user)(page, server)
        submit(page, "Send request to HAND")

    return go


def worksheet_on_a_page(page: Page, server: LiveServer) -> None:
    to(filing_form("vera.blum", RECERTIFY))(page, server)
    submit(page, "Fill it in here")


def several(page: Page, server: LiveServer) -> None:
    """One whose worksheet has come, two whose have not, and one of nobody."""
    to("/recertifications", "rosa.klein")(page, server)
    page.get_by_label("Gus Berg").check()
    page.get_by_label("Dev Rao").check()
    submit(page, "Continue")
    key = (server.instance / "secret-key").read_text().strip()
    mia = worksheet_of(Holder("Mia Roth", "mia.roth", "mia.roth@example.org", EAST), key,
                       datetime.now(UTC).date() - timedelta(days=500))  # fmt: skip
    with page.expect_navigation():
        page.get_by_label("All at once").set_input_files([paper("mia.pdf", mia), paper("a.pdf")])


WAYS: dict[str, Way] = {
    "new user": refused(f"/requests/new/{NEW_USER}"),
    "recertification": refused(filing_form("vera.blum", RECERTIFY)),
    "reactivation": refused(filing_form("june.park", REACTIVATE)),
    "worksheet": worksheet_on_a_page,
    "several": several,
    "answer": to(demo_ticket("Sean O’Neil")),
    "people": to("/people"),
    "person": to(f"/people/{person_id('vera.blum')}"),
    "queue": to("/queue", "sam.reed"),
    "ticket": to(demo_ticket("tess.moran"), "sam.reed"),
    "review": to(f"{demo_ticket('tess.moran')}/review", "sam.reed"),
    "settings": to("/manage/settings", "morgan.hale"),
    "training grid": to("/manage/grid/edit", "morgan.hale"),
    "training grid shown": to("/manage/grid", "morgan.hale"),
    "people of the desk": to("/manage/people", "morgan.hale"),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_what_has_the_focus_is_seen_whole(
    way: Way, live_server: LiveServer, new_page: NewPage
) -> None:
    page = new_page(size=PHONE)
    page.emulate_media(reduced_motion="reduce")
    way(page, live_server)
    assert not list(covered(page, "Tab"))
    assert not list(covered(page, "Shift+Tab"))


def covered(page: Page, key: str) -> Iterator[str]:
    """Goes through the page until the focus comes by for the second time. A date has the focus
    several times on end."""
    last, seen = None, set[int]()
    for _ in range(MOST_TABS):
        page.keyboard.press(key)
        place: int = page.evaluate(PLACE)
        if place in seen and place != last:
            return
        if place != last and (fault := page.evaluate(COVERED)):
            yield fault
        last = place
        seen.add(place)
    raise AssertionError(f"{MOST_TABS} tabs are not enough")
