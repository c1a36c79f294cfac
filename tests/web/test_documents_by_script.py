"""The checklist of documents in a browser: each file is judged as it is chosen; without scripts,
files go with the form."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from helpdesk.models.web_session import Proof
from helpdesk.routes import RULES
from helpdesk.services import sessions
from helpdesk.transaction import transaction
from helpdesk.views import uploads
from helpdesk.views.guard import TOKEN
from tests import factories
from tests.helpdesk.hostile_files import HOSTILE
from tests.support.apps import MakeApp
from tests.support.browser import PATIENCE, PHONE, WIDE, listen
from tests.support.papers import docx, jpeg, pdf
from tests.web import trial_form
from tests.web.trial_form import PATH

pytestmark = [
    pytest.mark.sockets,
    pytest.mark.parametrize("database", ["sqlite"], indirect=True),
    # Flask-Compress leaves static files that it has read to the garbage collector.
    pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning"),
]

@dataclass
class Desk:
    browser: Browser
    url: str
    cookie: str

    def page(self, *, javascript: bool = True, size: tuple[int, int] = WIDE, **more: Any) -> Page:
        session = self.browser.new_context(
            base_url=self.url, java_script_enabled=javascript, reduced_motion="reduce",
            viewport={"width": size[0], "height": size[1]}, **more,
        )  # fmt: skip
        session.set_default_timeout(PATIENCE)
        session.add_cookies([{"name": "helpdesk", "value": self.cookie, "url": self.url}])
        page = session.new_page()
        page.goto(PATH)
        return page


@pytest.fixture
def desk(make_app: MakeApp, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    for endpoint, rule in trial_form.rules().items():
        monkeypatch.setitem(RULES, endpoint, rule)
    monkeypatch.setattr(uploads, "MANY", uploads.MANY | {trial_form.ENDPOINT})
    app = trial_form.build_into(make_app(DOCUMENT_MAX_BYTES=100_000))
    signed_in = cookie(app)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Desk(browser, f"http://127.0.0.1:{server.server_port}", signed_in)
    for context in browser.contexts:
        context.close()
    server.shutdown()
    thread.join()
    server.server_close()


def cookie(app: Flask) -> str:
    with app.app_context():
        owner = factories.cast().admin.person_id or 0
        with transaction() as session:
            token = sessions.begin(session, owner, Proof.PASSWORD)
    client = app.test_client()
    with client.session_transaction() as kept:
        kept[TOKEN] = token
    found = client.get_cookie("helpdesk")
    assert found is not None
    return str(found.value)


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    given = {"worksheet.docx": docx(), "both.pdf": pdf(), "photo.jpg": jpeg(),
             "IMG_1.HEIC": HOSTILE["HEIC"][1], "large.pdf": bytes(200_000)}  # fmt: skip
    for name, content in given.items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


def kind(page: Page, name: str) -> Any:
    return page.locator(f"[data-kind={name}]")


def test_a_file_is_there_as_soon_as_it_is_chosen(desk: Desk, papers: Path) -> None:
    page = desk.page()
    complaints: list[str] = []
    listen(page, complaints)
    kind(page, "new_user_worksheet").locator("input").set_input_files(papers / "worksheet.docx")
    expect(kind(page, "new_user_worksheet").get_by_role("link")).to_have_text("worksheet.docx")
    expect(page.get_by_role("status")).to_have_text("worksheet.docx is there.")
    expect(kind(page, "new_user_worksheet")).to_contain_text("Word")
    expect(kind(page, "new_user_worksheet").get_by_text("There")).to_be_visible()
    expect(kind(page, "user_agreement").get_by_text("Needed")).to_be_visible()
    kind(page, "agreement_and_ethics").locator("input").set_input_files(papers / "both.pdf")
    for name in ("user_agreement", "code_of_ethics"):
        expect(kind(page, name).get_by_text("There")).to_be_visible()
    expect(page.get_by_role("button", name="Add the chosen files now")).to_be_hidden()
    page.reload()
    expect(page.get_by_role("link", name="both.pdf")).to_be_visible()
    page.get_by_role("button", name="Remove both.pdf").click()
    expect(page.get_by_role("link", name="both.pdf")).to_have_count(0)
    expect(kind(page, "user_agreement").get_by_text("Needed")).to_be_visible()
    assert complaints == []


def test_a_file_that_is_not_taken_is_told_at_its_line_and_mended(desk: Desk, papers: Path) -> None:
    page = desk.page()
    other = kind(page, "other")
    other.locator("input").set_input_files([papers / "IMG_1.HEIC", papers / "photo.jpg"])
    expect(other.locator(".error")).to_contain_text("Please save it as a JPEG")
    expect(other.get_by_role("link")).to_have_text("photo.jpg")
    other.locator("input").set_input_files(papers / "large.pdf")
    expect(other.locator(".error")).to_contain_text("“large.pdf” is larger than 98 KB.")
    other.locator("input").set_input_files(papers / "both.pdf")
    expect(other.locator(".error")).to_be_hidden()
    expect(other.get_by_role("link")).to_have_text(["photo.jpg", "both.pdf"])
    other.locator("input").set_input_files(papers / "both.pdf")
    expect(page.get_by_role("status")).to_have_text("both.pdf is there.")
    expect(other.get_by_role("link")).to_have_text(["photo.jpg", "both.pdf"])


def test_a_file_can_be_dropped_on_its_line(desk: Desk) -> None:
    page = desk.page()
    data = page.evaluate_handle(
        """bytes => { const data = new DataTransfer()
        data.items.add(new File([new Uint8Array(bytes)], 'dropped.pdf')); return data }""",
        list(pdf()),
    )
    other = kind(page, "other")
    other.dispatch_event("dragover", {"dataTransfer": data})
    expect(other).to_have_class("doc-kind doc-over")
    other.dispatch_event("drop", {"dataTransfer": data})
    expect(other.get_by_role("link")).to_have_text("dropped.pdf")
    expect(other).to_have_class("doc-kind")


def test_a_phone_offers_its_camera_and_a_desk_does_not(desk: Desk, papers: Path) -> None:
    phone = desk.page(size=PHONE, has_touch=True, is_mobile=True)
    agreement = kind(phone, "user_agreement")
    with phone.expect_file_chooser() as chosen:
        agreement.get_by_role("button", name="Take a photo of User Agreement").click()
    chosen.value.set_files(papers / "photo.jpg")
    expect(agreement.get_by_role("link")).to_have_text("photo.jpg")
    expect(agreement.get_by_text("There")).to_be_visible()
    expect(desk.page().get_by_role("button", name="Take a photo")).to_have_count(0)


def test_when_the_way_is_cut_the_file_goes_with_the_form(desk: Desk, papers: Path) -> None:
    page = desk.page()
    page.route("**/documents/drafts", lambda route: route.abort())
    other = kind(page, "other")
    other.locator("input").set_input_files(papers / "photo.jpg")
    expect(other.locator(".error")).to_contain_text("did not get through. It stays chosen")
    page.get_by_role("button", name="Send", exact=True).last.click()
    expect(page.get_by_role("link", name="Write a note.")).to_be_visible()
    expect(kind(page, "other").get_by_role("link")).to_have_text("photo.jpg")


def test_without_scripts_files_go_with_the_form_and_can_be_removed(
    desk: Desk, papers: Path
) -> None:
    page = desk.page(javascript=False)
    kind(page, "new_user_worksheet").locator("input").set_input_files(papers / "worksheet.docx")
    kind(page, "other").locator("input").set_input_files(papers / "IMG_1.HEIC")
    page.get_by_label("Note").fill("Half a sent")
    page.get_by_role("button", name="Add the chosen files now").click()
    expect(page.get_by_role("alert")).to_contain_text("One file was not taken")
    expect(page.get_by_role("link", name="worksheet.docx")).to_be_visible()
    page.get_by_role("button", name="Remove worksheet.docx").click()
    expect(page.get_by_role("link", name="worksheet.docx")).to_have_count(0)
    expect(page.get_by_label("Note")).to_have_value("Half a sent")


@pytest.mark.parametrize("javascript", [True, False])
def test_enter_in_a_field_sends_the_form_and_removes_nothing(
    javascript: bool, desk: Desk, papers: Path
) -> None:
    page = desk.page(javascript=False)
    kind(page, "other").locator("input").set_input_files(papers / "photo.jpg")
    page.get_by_role("button", name="Add the chosen files now").click()
    page = desk.page(javascript=javascript)
    expect(page.get_by_role("link", name="photo.jpg")).to_be_visible()
    page.get_by_label("Note").press("Enter")
    expect(page.get_by_role("link", name="Write a note.")).to_be_visible()
    expect(page.get_by_role("link", name="photo.jpg")).to_be_visible()
    page.get_by_label("Note").fill("Here they are.")
    page.get_by_label("Note").press("Enter")
    expect(page.get_by_text("Sent", exact=True)).to_be_visible()


@pytest.mark.parametrize("size", [WIDE, PHONE])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_checklist_is_accessible_and_fits(
    size: tuple[int, int], scheme: Any, desk: Desk, papers: Path
) -> None:
    page = desk.page(size=size, color_scheme=scheme, has_touch=size == PHONE)
    kind(page, "new_user_worksheet").locator("input").set_input_files(papers / "worksheet.docx")
    expect(page.get_by_role("link", name="worksheet.docx")).to_be_visible()
    kind(page, "other").locator("input").set_input_files(papers / "IMG_1.HEIC")
    expect(kind(page, "other").locator(".error")).to_be_visible()
    found = Axe().run(page).response["violations"]
    assert [fault["id"] for fault in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
