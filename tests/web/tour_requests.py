"""The part of the tour that goes through the requests with documents and dates.

After the other guides: those look at the demo's tickets as they are at first.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect

from helpdesk.demo.cast import EAST
from tests.support.filled_sheets import Holder, worksheet_of
from tests.support.papers import pdf
from tests.support.servers import LiveServer
from tests.web.filing import SEND, attach, choose, day, introduce, line, paper, tell_courses
from tests.web.house import demo_ticket, filing_form, mail_to, one_time_link, read_worksheet
from tests.web.walk import WAY_IN, ask_for_link, enter, submit
from workflows.guards import NEW_USER, REACTIVATE, RECERTIFY
from workflows.papers import AGREEMENT_AND_ETHICS, NEW_USER_WORKSHEET, RECERTIFICATION_WORKSHEET

NEWCOMER_FORM = f"/requests/new/{NEW_USER}"


def filing_for_a_newcomer(page: Page, server: LiveServer) -> Iterator[str]:
    enter(page, server, "dana.price")
    page.goto("/people")
    yield "people"
    page.goto(f"/worksheets/{NEW_USER}")
    yield "new-user-worksheet-role"
    page.goto(NEWCOMER_FORM)
    yield "new-user-form"
    submit(page, SEND)
    yield "new-user-form-empty"
    introduce(page, "Nils Acker", "nils.acker@gmail.com")
    tell_courses(page, ago=500)
    attach(page, NEW_USER_WORKSHEET)
    choose(page, AGREEMENT_AND_ETHICS, paper("IMG_2044.HEIC", b"\0\0\0\x18ftypheic"))
    expect(line(page, AGREEMENT_AND_ETHICS).locator(".error")).to_be_visible()
    yield "new-user-form-drafts"
    submit(page, SEND)
    yield "new-user-form-errors"
    page.goto(filing_form("ruth.okafor", NEW_USER))
    yield "new-user-not-fitting"


def filing_for_those_on_file(page: Page, server: LiveServer) -> Iterator[str]:
    enter(page, server, "dana.price")
    page.goto(filing_form("june.park", REACTIVATE))
    yield "reactivate-form"
    submit(page, SEND)
    yield "reactivate-form-empty"
    page.get_by_label("back from a leave").check()
    page.get_by_label("Back at work since").fill(day(-3))
    submit(page, SEND)
    yield "reactivate-form-errors"
    page.goto(filing_form("tess.moran", REACTIVATE))
    yield "reactivate-not-fitting"
    page.goto(filing_form("vera.blum", RECERTIFY))
    yield "recertify-form"
    attach(page, RECERTIFICATION_WORKSHEET)
    yield "recertify-form-drafts"
    submit(page, SEND)
    yield "recertify-form-errors"
    yield from worksheets_on_a_page(page)
    page.goto(filing_form("omar.haddad", RECERTIFY))
    yield "recertify-too-early"
    page.goto(filing_form("dana.price", REACTIVATE))
    yield "not-for-yourself"


def worksheets_on_a_page(page: Page) -> Iterator[str]:
    for name, form in {"recertify": filing_form("vera.blum", RECERTIFY),
                       "new-user": NEWCOMER_FORM}.items():  # fmt: skip
        page.goto(form)
        submit(page, "Fill it in here")
        yield f"{name}-worksheet"
        submit(page, "Sign it and go on")
        yield f"{name}-worksheet-errors"


def recertifying_several(page: Page, server: LiveServer) -> Iterator[str]:
    """Ticked, a worksheet that is Mia's, one that is nobody's, a file that is none; then sent."""
    holder = Holder("Mia Roth", "mia.roth", "mia.roth@example.org", EAST)
    key = (server.instance / "secret-key").read_text().strip()
    right = worksheet_of(holder, key, datetime.now(UTC).date() - timedelta(days=40))
    enter(page, server, "rosa.klein")
    page.goto("/recertifications")
    yield "bulk-start"
    page.get_by_label("Gus Berg").check()
    submit(page, "Continue")
    yield "bulk-begun"
    stack = [paper("mia.pdf", right), paper("scan.pdf", pdf()), paper("list.xlsx", b"a,b")]
    page.get_by_label("All at once").set_input_files(stack)
    expect(page.locator("[data-arrived] .error")).to_be_visible()
    yield "bulk-arrived"
    submit(page, "Save and check")
    yield "bulk-checked"
    submit(page, "Send 1 request to HAND")
    yield "bulk-sent"
    page.context.clear_cookies()
    enter(page, server, "sam.reed")
    page.goto("/recertifications")
    yield "bulk-staff-agency"
    page.goto("/recertifications?agency=1")
    submit(page, "Continue")
    yield "bulk-staff-empty"


def expired_by_link(page: Page, server: LiveServer) -> Iterator[str]:
    ask_for_link(page, "theo.wynn")
    page.goto(one_time_link(mail_to(server, "theo.wynn", WAY_IN)))
    submit(page, "Continue as Theo Wynn")
    page.goto("/requests/new")
    yield "link-choice-expired"
    page.get_by_role("link", name="Recertification").first.click()
    yield "link-recertify-form"


def following_up(page: Page, server: LiveServer) -> Iterator[str]:
    enter(page, server, "dana.price")
    page.goto(demo_ticket("Ella Brooks"))
    yield "agency-new-user-submitted"
    page.goto(demo_ticket("Sean O’Neil"))
    yield "agency-new-user-waiting"
    page.goto(demo_ticket("tess.moran"))
    yield "agency-recertify-in-review"
    page.context.clear_cookies()
    enter(page, server, "lee.tran")
    page.goto(demo_ticket("Pia Lind"))
    yield "agency-new-user-completed"
    page.goto(demo_ticket("abe.marsh"))
    yield "agency-reactivate-completed"
    page.goto(demo_ticket("jo.sund"))
    yield "agency-recertify-message"


def filing_again(page: Page, server: LiveServer) -> Iterator[str]:
    enter(page, server, "rosa.klein")
    yield "agency-home-people"
    page.goto(demo_ticket("sara.boyd"))
    yield "agency-recertify-completed"
    page.goto(demo_ticket("Ida Frost"))
    yield "agency-new-user-rejected"
    page.get_by_role("link", name="File it again").click()
    yield "new-user-form-again"


def working_the_queue(page: Page, server: LiveServer) -> Iterator[str]:
    enter(page, server, "joan.abara")
    for about, name in {
        "Ella Brooks": "new-user-submitted",
        "Sean O’Neil": "new-user-waiting",
        "Pia Lind": "new-user-completed",
        "Ida Frost": "new-user-rejected",
        "max.engel": "reactivate-in-review",
        "tim.vance": "reactivate-being-set-up",
        "olga.reyes": "recertify-old-courses",
        "tess.moran": "recertify-in-review",
        "sara.boyd": "recertify-completed",
    }.items():
        page.goto(demo_ticket(about))
        yield f"staff-{name}"
    page.goto(demo_ticket("tess.moran"))
    page.get_by_role("link", name=re.compile("^View")).first.click()
    yield "document-pages"
    yield from reviewing(page, server)
    page.goto(f"{demo_ticket('tess.moran')}/approve")
    yield "staff-recertify-approve"
    page.goto(f"{demo_ticket('tess.moran')}/ask_for_more")
    yield "staff-ask-for-papers"
    page.goto(f"{demo_ticket('tess.moran')}/override")
    yield "staff-override-not-theirs"


def reviewing(page: Page, server: LiveServer) -> Iterator[str]:
    """A worksheet that nobody could read, one that was read, and a document that is none."""
    page.goto(f"{demo_ticket('tess.moran')}/review")
    yield "review-by-hand"
    read_worksheet(server, "jo.sund", {"user.signature": "", "admin.signed_on": "13/45/2026"})
    page.goto(f"{demo_ticket('jo.sund')}/review")
    yield "review-faulty"
    page.locator("#note-code").fill("123-45-6789")
    submit(page, "Not fine")
    yield "review-error"
    page.goto(f"{demo_ticket('jo.sund')}/ask_for_more?review=1")
    yield "review-needs"
    page.goto(f"{demo_ticket('Ella Brooks')}/review")
    page.get_by_role("link", name="2. User Agreement").click()
    yield "review-agreement"


def changing_the_type(page: Page, server: LiveServer) -> Iterator[str]:
    """Hugo's license runs out in days: a password was not what he needed."""
    old = demo_ticket("hugo.brandt")
    enter(page, server, "sam.reed")
    page.goto(f"{demo_ticket('tess.moran')}/convert")
    yield "staff-convert"
    submit(page, "Change the type")
    yield "staff-convert-empty"
    page.goto(old)
    yield "staff-converted-old"
    page.get_by_text("It goes on as HD-").get_by_role("link").click()
    page.get_by_text("It began as").wait_for()
    new = page.url
    yield "staff-converted-new"
    page.context.clear_cookies()
    enter(page, server, "dana.price")
    page.goto(old)
    yield "agency-converted-old"
    page.goto(new)
    yield "agency-converted-new"
    page.get_by_label("Message").fill("The worksheet comes later.")
    submit(page, "Send answer")
    yield "agency-answer-without-paper"
    page.get_by_label("I can’t give it now.").check()
    submit(page, "Send answer")
    yield from failing(page, server, new)


def failing(page: Page, server: LiveServer, address: str) -> Iterator[str]:
    """In review, and something speaks against it."""
    page.context.clear_cookies()
    enter(page, server, "sam.reed")
    page.goto(address)
    page.get_by_text("Why not something else?").click()
    yield "staff-ticket-failing"
    page.goto(f"{address}/approve")
    yield "staff-approve-failing"
    page.context.clear_cookies()
    enter(page, server, "morgan.hale")
    page.goto(address)
    yield "manager-ticket-failing"
    page.goto(f"{address}/override")
    yield "manager-override"
    submit(page, "Approve anyway")
    yield "manager-override-empty"


REQUEST_GUIDES = (
    filing_for_a_newcomer,
    filing_for_those_on_file,
    recertifying_several,
    expired_by_link,
    following_up,
    filing_again,
    working_the_queue,
    changing_the_type,
)
