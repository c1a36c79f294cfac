"""The tour of the managers’ pages about agencies and people."""

from collections.abc import Iterator

from playwright.sync_api import Page

from tests.web.house import person_id
from tests.web.walk import submit


def manage_agency(page: Page) -> Iterator[str]:
    """A new one without an admin, then one that has everything."""
    page.goto("/manage/agencies/new")
    submit(page, "Add")
    yield "manage-agency-add-empty"
    page.get_by_label("Name of the agency").fill("Lantern Street Shelter")
    submit(page, "Add")
    yield "manage-agency-new"
    address = page.url
    page.goto(f"{address}/admin")
    yield "manage-agency-admin-nobody"
    page.goto(f"{address}/deactivate")
    yield "manage-agency-deactivate"
    submit(page, "Deactivate")
    yield "manage-agency-inactive"
    page.goto("/manage/agencies/1/edit")
    page.get_by_label("Email of the contact").fill("nobody")
    submit(page, "Save")
    yield "manage-agency-edit-error"
    page.goto("/manage/agencies/1")
    yield "manage-agency"
    page.goto("/manage/agencies/1/admin")
    yield "manage-agency-admin"
    page.goto("/manage/agencies/1")
    page.get_by_role("link", name="Take the role away").click()
    yield "manage-role-revoke"


def manage_people(page: Page) -> Iterator[str]:
    page.goto("/manage/people")
    yield "manage-people"
    page.get_by_label("Find a person").fill("nobody of that name")
    submit(page, "Find")
    yield "manage-people-none"
    page.goto("/manage/people/new")
    yield "manage-person-add"
    page.get_by_label("First name").fill("Nia")
    page.get_by_label("Last name").fill("Brandt")
    page.get_by_label("Username").fill("sam.reed")
    page.get_by_label("Work email").fill("nia.brandt@example.org")
    page.get_by_label("Role").select_option("staff")
    submit(page, "Add and send the link")
    yield "manage-person-add-known"
    page.get_by_label("Username").fill("nia.brandt")
    submit(page, "Add and send the link")
    yield "manage-person-new"
    page.goto("/manage/people/1/disable")
    submit(page, "Disable")
    yield "manage-person-disable-refused"
    for path in ("", "/disable", "/roles/new"):
        page.goto(f"/manage/people/{person_id('dana.price')}{path}")
        yield f"manage-person{path.replace('/', '-')}"
    submit(page, "Give the role")
    yield "manage-role-empty"
    page.goto("/manage/people")
    page.get_by_label("Find a person").fill("Ella Brooks")
    submit(page, "Find")
    page.get_by_role("link", name="Ella Brooks").click()
    page.get_by_role("link", name="Add the username").click()
    yield "manage-person-username"
    page.get_by_label("Username").fill("sam.reed")
    submit(page, "Save")
    yield "manage-person-username-taken"
