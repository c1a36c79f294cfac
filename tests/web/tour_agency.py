"""The tour of an agency’s admins: their people, and what they file."""

from collections.abc import Iterator

from playwright.sync_api import Page

from tests.support.servers import LiveServer
from tests.web.house import demo_ticket, filing_form, person_id
from tests.web.walk import enter, sign_out, submit


def agency_admin(page: Page, server: LiveServer) -> Iterator[str]:
    enter(page, server, "dana.price")
    yield "agency-home"
    yield from my_people(page)
    page.goto("/agencies")
    yield "agency-mine"
    page.goto("/account/security")
    yield "agency-account-security"
    page.goto("/weekly-email/made-up")
    yield "weekly-email-no-link"
    page.goto("/requests/new")
    yield "agency-who"
    submit(page, "Continue")
    yield "agency-who-empty"
    page.goto(filing_form("ben.ito"))
    yield "agency-file-not-fitting"
    page.goto(filing_form("maria.lopez"))
    yield "agency-already-open"
    page.goto(demo_ticket("maria.lopez"))
    yield "agency-ticket-submitted"
    page.goto(demo_ticket("maria.lopez") + "/withdraw")
    yield "agency-withdraw"
    page.goto(demo_ticket("gail.novak"))
    yield "agency-ticket-waiting"
    submit(page, "Send answer")
    yield "agency-answer-empty"
    page.goto(demo_ticket("ruth.okafor"))
    yield "agency-ticket-rejected"
    page.goto("/queue")
    yield "forbidden"
    page.goto(filing_form("ruth.okafor"))
    yield "agency-file"
    submit(page, "Send request to HAND")
    yield "agency-file-empty"
    page.get_by_label("The password is forgotten").check()
    page.get_by_label("Anything HAND should know?").fill("She starts at 7 am.\nThank you!")
    page.get_by_label("I know that it is Ruth Okafor").check()
    elsewhere = page.context.new_page()
    elsewhere.goto("/")
    sign_out(elsewhere)
    elsewhere.close()
    submit(page, "Send request to HAND")
    yield "signed-out-meanwhile"


def my_people(page: Page) -> Iterator[str]:
    page.goto("/people")
    yield "people"
    page.get_by_text("Sort, filter").click()
    yield "people-filter-open"
    page.goto("/people?show=now&state=expired&sort=expires")
    yield "people-nobody"
    page.goto("/people")
    page.get_by_label("Find one of my people").fill("park")
    submit(page, "Find")
    yield "people-found"
    page.get_by_label("More about June Park").click()
    yield "people-menu-open"
    page.goto(f"/people/{person_id('june.park')}")
    yield "people-person"
    page.goto(f"/people/{person_id('ruth.okafor')}/leave")
    page.get_by_label("Back on").fill("2020-01-01")
    submit(page, "Report the leave")
    yield "people-leave-error"
    page.goto(f"/people/{person_id('dana.price')}/departure")
    yield "people-departure-last-admin"
    page.goto(f"/people/{person_id('june.park')}/correct")
    yield "people-correct"
    page.get_by_label("Work email").fill("june at home")
    submit(page, "Save what is right")
    yield "people-correct-error"
    page.goto(f"/people/{person_id('dana.price')}/correct")
    yield "people-correct-oneself"


def other_admin(page: Page, server: LiveServer) -> Iterator[str]:
    enter(page, server, "lee.tran")
    page.goto(demo_ticket("paul.weiss"))
    yield "agency-ticket-completed"
    page.goto(demo_ticket("wen.li"))
    yield "agency-ticket-closed"
    page.goto(demo_ticket("maria.lopez"))
    yield "not-mine"
    page.goto(filing_form("kim.bauer"))
    page.get_by_label("Something else").check()
    page.get_by_label("I know that it is Kim Bauer").check()
    submit(page, "Send request to HAND")
    yield "agency-ticket-filed"
