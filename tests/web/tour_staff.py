"""The tour of HAND’s staff: the queue, its requests, and how they work."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page

from tests.support.servers import LiveServer
from tests.web.house import demo_ticket, person_id
from tests.web.walk import enter, submit


def staff(page: Page, server: LiveServer) -> Iterator[str]:
    enter(page, server, "sam.reed")
    yield "staff-home"
    yield from queue(page)
    page.goto(demo_ticket("maria.lopez"))
    yield "staff-ticket-submitted"
    page.goto(demo_ticket("omar.haddad"))
    yield "staff-ticket-in-review"
    submit(page, "Ask for more")
    yield "staff-ask-empty"
    for step in ("approve", "reject", "hand_over"):
        page.goto(f"{demo_ticket('omar.haddad')}/{step}")
        yield f"staff-{step}"
    submit(page, "Hand over")
    page.goto(f"{demo_ticket('omar.haddad')}/approve")
    submit(page, "Approve")
    yield "staff-approve-empty"
    page.goto(f"/people/{person_id('noor.aziz')}")
    yield "staff-person"
    yield from transfer(page)
    for person in ("gail.novak", "paul.weiss", "ruth.okafor"):
        page.goto(demo_ticket(person))
        yield f"staff-ticket-{person.partition('.')[0]}"
    page.goto(f"{demo_ticket('paul.weiss')}/reject")
    yield "staff-step-not-possible"
    page.goto("/agencies")
    yield "staff-agencies"
    yield from stale(page)


def queue(page: Page) -> Iterator[str]:
    page.goto("/queue")
    yield "queue"
    page.locator("details.filter summary").click()
    yield "queue-filter-open"
    page.goto("/queue?view=open&state=waiting&agency=1")
    yield "queue-filtered"
    page.get_by_label("Number or name").fill("lopez")
    page.get_by_role("button", name="Find").click()
    yield "queue-found"
    page.goto("/queue?view=closed")
    yield "queue-closed"
    page.goto("/queue?view=mine&agency=999")
    yield "queue-empty"


def transfer(page: Page) -> Iterator[str]:
    """Sent empty, then planned and taken back."""
    page.goto(f"/people/{person_id('noor.aziz')}/transfer")
    yield "staff-transfer"
    submit(page, "Transfer")
    yield "staff-transfer-empty"
    page.get_by_label("To the agency").select_option(label="Harbor House")
    page.get_by_label("First day there").fill(f"{datetime.now(UTC) + timedelta(days=9):%Y-%m-%d}")
    page.get_by_label("Why").fill("A new job.")
    submit(page, "Transfer")
    yield "staff-transfer-planned"
    submit(page, "Take it back")


def stale(page: Page) -> Iterator[str]:
    """As though the page had been loaded before the last step."""
    page.goto(demo_ticket("omar.haddad"))
    page.get_by_label("Message").fill("Please call us: which screen do you see?\nThanks, Sam")
    age(page)
    submit(page, "Ask for more")
    yield "conflict"
    page.goto(f"{demo_ticket('omar.haddad')}/reject")
    page.get_by_label("Why").select_option("duplicate")
    page.get_by_label("What would have to change").fill("It repeats another request.")
    age(page)
    submit(page, "Reject")
    yield "conflict-reject"


def age(page: Page) -> None:
    for field in page.locator("input[name=version]").all():
        field.evaluate("field => { field.value = 1 }")


def how_requests_work(page: Page, server: LiveServer) -> Iterator[str]:
    enter(page, server, "joan.abara")
    page.get_by_text("Joan Abara").first.click()
    yield "menu-open"
    page.get_by_role("link", name="How requests work").click()
    yield "workflows"
    for link in page.locator(".flows a").all():
        address = link.get_attribute("href") or ""
        page.goto(address)
        page.locator("details.fold summary").click()
        yield f"workflow-{address.rpartition('/')[2]}"
        page.go_back()
