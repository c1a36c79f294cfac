"""The tour of the imports: files with faults, from the upload to the undo."""

from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Page

from tests.helpdesk.roster_csv import member
from tests.helpdesk.roster_csv import text_of as roster_of
from tests.helpdesk.user_csv import GONE_SINCE, text_of, user
from tests.support.servers import LiveServer
from tests.web.walk import enter, submit

SEE, APPLY = "See what changes", "Apply"


def file(content: str, name: str = "User.csv") -> Any:
    """As the browser's file chooser gives it."""
    return {"name": name, "mimeType": "text/csv", "buffer": content.encode()}


def of_people(number: int = 12) -> str:
    """So many who are new, one deleted, one broken, and one whose email address is none."""
    rows = [user(n, FirstName=f"Ann {n}") for n in range(1, number + 1)]
    rows += [user(90, DateDeleted=GONE_SINCE), user(91, Email="not an address")]
    return text_of(*rows) + '"92,broken\r\n'


def imports(page: Page, server: LiveServer) -> Iterator[str]:
    enter(page, server, "morgan.hale")
    page.goto("/manage/imports")
    yield "manage-imports-none"
    page.get_by_role("link", name="Import a file").click()
    yield "manage-import-add"
    submit(page, SEE)
    yield "manage-import-add-empty"
    page.get_by_label("The file").set_input_files(file(of_people()))
    submit(page, SEE)
    yield "manage-import-dry"
    page.get_by_role("link", name="Show all").click()
    yield "manage-import-dry-part"
    page.get_by_role("link", name="The whole dry run").click()
    submit(page, APPLY)
    yield "manage-import-done"
    page.get_by_role("link", name="Undo", exact=True).click()
    yield "manage-import-undo"
    submit(page, "Undo the import")
    yield "manage-import-undone"
    yield from a_roster(page)
    page.goto("/manage/imports")
    yield "manage-imports"


def a_roster(page: Page) -> Iterator[str]:
    """Somebody new, somebody who changes, an agency nobody knows, a level nobody knows."""
    rows = [
        member(Provider="Harbor House", Role="Wizard"),
        member(Login="maria.lopez", Email="maria@agency.example", User_Name="Maria Lopez"),
        member(Login="bo.ray", Email="bo@agency.example", Provider="Nowhere"),
    ]
    page.goto("/manage/imports/new")
    page.get_by_label("A roster").check()
    page.get_by_label("The file").set_input_files(file(roster_of(*rows), "Roster.csv"))
    submit(page, SEE)
    yield "manage-import-columns"
    for name in ("Username", "Work email"):
        page.get_by_label(name).select_option("")
    submit(page, SEE)
    yield "manage-import-columns-missing"
    page.get_by_label("Username").select_option("1")
    page.get_by_label("Work email").select_option("2")
    submit(page, SEE)
    yield "manage-import-roster"
