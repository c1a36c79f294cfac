"""The tour of the managers’ pages: deadlines, straight through, the grid, settings."""

from collections.abc import Iterator

from playwright.sync_api import Page

from tests.support.servers import LiveServer
from tests.web.house import by_hand, demo_ticket
from tests.web.tour_people import manage_agency, manage_people
from tests.web.walk import enter, submit


def manager(page: Page, server: LiveServer) -> Iterator[str]:
    enter(page, server, "morgan.hale")
    page.goto("/manage/agencies")
    yield "manage-agencies"
    yield from manage_agency(page)
    yield from manage_people(page)
    page.goto("/manage/approvers")
    yield "manage-approvers"
    yield from manage_deadlines(page, server)
    yield from manage_straight_through(page)
    yield from manage_grid(page)
    yield from manage_settings(page)


def manage_deadlines(page: Page, server: LiveServer) -> Iterator[str]:
    """Nothing waits; then a sweep does, and has been let run."""
    page.goto("/manage/deadlines")
    yield "manage-deadlines"
    by_hand(
        server,
        "INSERT INTO sweep_hold (waits, changes, held, made_at)"
        " VALUES (TRUE, 12, 30, '2026-11-23 05:10:00')",
    )
    page.goto("/")
    yield "manager-home-sweep-waits"
    page.goto("/manage/deadlines")
    yield "manage-deadlines-waits"
    by_hand(server, "UPDATE sweep_hold SET released_at = '2026-11-23 14:00:00', released_by_id = 1")
    page.reload()
    yield "manage-deadlines-released"


def manage_straight_through(page: Page) -> Iterator[str]:
    page.goto(demo_ticket("mia.roth"))
    yield "staff-ticket-a-sample"
    page.goto("/manage/straight-through")
    yield "manage-straight"
    page.get_by_role("link", name="Request New Password").click()
    yield "manage-straight-rule"
    page.get_by_label("On: the desk approves by it").check()
    page.get_by_label("Tried out on").fill("2")
    page.get_by_label("Why do you change it?").fill("Morgan and Sam have looked at the samples.")
    submit(page, "Save the rule")
    yield "manage-straight-too-many-faults"
    page.get_by_label("Most faults, in percent").fill("50")
    submit(page, "Save the rule")
    page.get_by_role("link", name="Request New Password").click()
    yield "manage-straight-rule-on"
    page.get_by_label("Off: people approve").check()
    page.get_by_label("Why do you change it?").fill("Only to look.")
    submit(page, "Save the rule")


def manage_grid(page: Page) -> Iterator[str]:
    page.goto("/manage/grid")
    yield "manage-grid"
    page.get_by_role("link", name="Change the grid").click()
    yield "manage-grid-edit"
    submit(page, "See what changes")
    yield "manage-grid-edit-error"
    page.get_by_label("Name of the new course").fill("Code of Ethics")
    page.get_by_label("Everybody: Each year: the new course").check()
    page.get_by_label("In force from").fill("2099-01-01")  # the other guides go by today’s
    page.get_by_label("Why").fill("Decided by the board.")
    submit(page, "See what changes")
    yield "manage-grid-preview"
    submit(page, "Save the grid")
    yield "manage-grid-saved"
    page.get_by_role("link", name="The whole grid").click()
    yield "manage-grid-edition"
    page.goto("/manage/grid/import")
    yield "manage-grid-import"


def manage_settings(page: Page) -> Iterator[str]:
    page.goto("/manage/settings/SESSION_IDLE")
    yield "manage-setting-span"
    page.get_by_label("Signed out when idle for").fill("900")
    submit(page, "Save")
    yield "manage-setting-out-of-bounds"
    page.goto("/manage/settings/OPENS")
    page.get_by_label("Opens").fill("08:30")
    submit(page, "Save")
    yield "manage-settings"
    page.goto("/manage/settings/OPENS")
    yield "manage-setting-changed"
    submit(page, "Back to the default")
