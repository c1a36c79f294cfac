"""The tour of what HAND does to one license: courses by hand, its suspension, its end."""

from collections.abc import Iterator

from playwright.sync_api import Page

from tests.support.servers import LiveServer
from tests.web.house import by_hand, person_id
from tests.web.walk import enter, submit


def courses(page: Page, server: LiveServer) -> Iterator[str]:
    enter(page, server, "sam.reed")
    page.goto(f"/people/{person_id('june.park')}")
    page.get_by_role("link", name="Enter a course").click()
    yield "course-enter"
    submit(page, "Put it on file")
    yield "course-enter-empty"
    page.get_by_label("Course").select_option(label="Basic Privacy & Security")
    page.get_by_label("Completed on").fill("2026-11-02")
    page.get_by_label("Score").fill("72")
    submit(page, "Put it on file")
    yield "staff-person-courses"
    page.get_by_role("link", name="Take back").click()
    yield "course-take-back"
    submit(page, "Take it back")
    yield "course-take-back-empty"


def deletions(page: Page, server: LiveServer) -> Iterator[str]:
    """As though the sweep had proposed to delete a license that nobody used for long."""
    enter(page, server, "sam.reed")
    page.goto("/deletions")
    yield "deletions-none"
    long_ago = "inactive_at = '2026-09-01 10:00:00', deletion_proposed_at = '2026-11-20 10:00:00'"
    person = f"person_id = {person_id('lena.fox')}"
    by_hand(server, f"UPDATE license SET {long_ago}, deletable_on = '2026-11-20' WHERE {person}")
    page.goto("/")
    yield "staff-home-deletions-wait"
    page.get_by_role("main").get_by_role("link", name="Licenses to delete").click()
    yield "deletions"
    page.get_by_role("link", name="Keep Lena Fox").click()
    submit(page, "Keep it")
    yield "deletions-keep-empty"
    page.goto("/deletions")
    page.get_by_label("Delete Lena Fox").check()
    submit(page, "Delete the chosen …")
    yield "deletions-confirm"
    submit(page, "Delete it")
    yield "deletions-confirmed"


def suspension(page: Page, server: LiveServer) -> Iterator[str]:
    enter(page, server, "morgan.hale")
    page.goto(f"/people/{person_id('noor.aziz')}/lift")
    submit(page, "Lift the suspension")
    yield "lift-empty"
    page.goto(f"/people/{person_id('noor.aziz')}/suspend")
    yield "suspend-twice"
    page.goto(f"/people/{person_id('sara.boyd')}/suspend")
    yield "suspend"
    page.get_by_label("What are they told?").fill("Please call us about it.")
    submit(page, "Suspend the license")
    yield "suspend-empty"
