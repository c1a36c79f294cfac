"""Twenty people at once in a browser: a stack of worksheets is dropped, three of them are faulty,
and those are mended one by one after the others were sent."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, FilePayload, Page, expect
from werkzeug.serving import make_server

from helpdesk.extensions import db
from helpdesk.models.agency import Agency
from helpdesk.models.person import Person
from helpdesk.models.ticket import Ticket
from helpdesk.models.web_session import Proof
from helpdesk.services import sessions
from helpdesk.transaction import release, transaction
from helpdesk.views.guard import TOKEN
from tests import factories
from tests.helpdesk.bulks import expired, sheet
from tests.support.apps import MakeApp
from tests.support.browser import PHONE, WIDE, listen

pytestmark = [
    pytest.mark.sockets,
    pytest.mark.parametrize("database", ["sqlite"], indirect=True),
    # Flask-Compress leaves static files that it has read to the garbage collector.
    pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning"),
]

PEOPLE, SLOW = 20, 90_000.0  # milliseconds: worksheets are read one after the other
FAULTS = {
    0: ({"user__signature": ""}, "The signature of the user is missing."),
    7: ({"course2__score": "55"}, "Policy & Procedure: 55 % is less than 80 %"),
    13: ({"admin__signed_on": ""}, "The date of the agency admin’s signature is missing."),
}


@dataclass
class Desk:
    """An agency with twenty people whose license has expired, and its admin at a browser."""

    page: Page
    agency: Agency
    people: list[Person]

    def paper(self, number: int, *, right: bool = False) -> FilePayload:
        changed, _ = ({}, "") if right else FAULTS.get(number, ({}, ""))
        data = sheet(self.people[number], self.agency, **changed)
        return {"name": f"{number}.pdf", "mimeType": "application/pdf", "buffer": data}


@pytest.fixture
def desk(make_app: MakeApp, browser: Browser) -> Iterator[Desk]:
    app = make_app()
    with app.app_context():
        cast = factories.cast()
        people = expired(cast.agency, PEOPLE)
        with transaction() as session:
            token = sessions.begin(session, cast.admin.person_id or 0, Proof.PASSWORD)
        client = app.test_client()
        with client.session_transaction() as kept:
            kept[TOKEN] = token
        cookie = client.get_cookie("helpdesk")
        assert cookie is not None
        server = make_server("127.0.0.1", 0, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        url = f"http://127.0.0.1:{server.server_port}"
        context = browser.new_context(
            base_url=url, reduced_motion="reduce", viewport={"width": WIDE[0], "height": WIDE[1]}
        )
        context.add_cookies([{"name": "helpdesk", "value": cookie.value, "url": url}])
        yield Desk(context.new_page(), cast.agency, people)
        context.close()
        server.shutdown()
        thread.join()
        server.server_close()


def test_twenty_people_three_of_them_faulty_mended_one_by_one(desk: Desk) -> None:
    page, troubles = desk.page, list[str]()
    listen(page, troubles)
    page.goto("/recertifications?all=1")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("0 ready, 20 not yet")).to_be_visible()
    page.get_by_label("All at once").set_input_files([desk.paper(n) for n in range(PEOPLE)])
    expect(page.get_by_text("17 ready, 3 not yet")).to_be_visible(timeout=SLOW)
    for number, (_, sentence) in FAULTS.items():
        row = page.locator(f"#person-{desk.people[number].id}")
        expect(row.get_by_text(sentence)).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Send 17 requests to HAND").click()
    expect(page.get_by_role("heading", name="17 of 20 sent")).to_be_visible(timeout=SLOW)
    assert violations(page) == []
    for left, number in zip((2, 1, 0), FAULTS, strict=True):
        row = page.locator(f"#person-{desk.people[number].id}")
        row.get_by_role("link", name="Replace the worksheet").click()
        expect(row.locator("input[type=file]")).to_be_in_viewport()
        row.locator("input[type=file]").set_input_files(desk.paper(number, right=True))
        words = f"{3 - left} ready" + (f", {left} not yet" if left else "")
        expect(page.get_by_text(words, exact=False).first).to_be_visible(timeout=SLOW)
        expect(row.get_by_text("Ready", exact=True)).to_be_visible(timeout=SLOW)
    page.get_by_role("button", name="Send 3 requests to HAND").click()
    expect(page.get_by_role("heading", name="20 of 20 sent")).to_be_visible(timeout=SLOW)
    release()
    assert db.session.query(Ticket).count() == PEOPLE
    assert troubles == []


def test_it_fits_on_a_phone(desk: Desk) -> None:
    page = desk.page
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    page.goto("/recertifications?all=1")
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("All at once").set_input_files([desk.paper(0), desk.paper(1)])
    expect(page.get_by_text("1 ready, 19 not yet")).to_be_visible(timeout=SLOW)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert violations(page) == []


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html']}" for each in found]
