"""An import with faults in a browser: each faulty row is named with its line, the others are taken
in one go, the faulty ones come as a file to mend, and all of it can be undone."""

import csv
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import PHONE, WIDE, NewPage
from tests.support.servers import LiveServer
from tests.web.tour_imports import APPLY, SEE, file, of_people
from tests.web.walk import enter, press


def names(page: Page) -> list[str]:
    page.goto("/manage/people?show=unassigned")
    return page.locator(".row-name").all_inner_texts()


def faulty_rows(page: Page, folder: Path) -> list[list[str]]:
    with page.expect_download() as download:
        page.get_by_role("link", name="Download these rows").click()
    path = folder / "faulty.csv"
    download.value.save_as(path)
    return list(csv.reader(path.read_text("utf-8-sig").splitlines()))


@pytest.mark.parametrize(
    ("size", "javascript"), [(WIDE, True), (PHONE, False)], ids=["wide", "phone"]
)
def test_an_import_with_faults(
    size: tuple[int, int], javascript: bool, live_server: LiveServer, new_page: NewPage,
    tmp_path: Path,
) -> None:  # fmt: skip
    page = enter(new_page(size=size, javascript=javascript), live_server, "morgan.hale")
    before = names(page)
    page.goto("/manage/imports/new")
    page.get_by_label("The file").set_input_files(file(of_people(3)))
    press(page, SEE)
    expect(page.get_by_text("Applying it changes 4 people, in one go.")).to_be_visible()
    faulty = page.locator(".dry-faulty tbody tr")
    expect(faulty).to_have_count(2)
    expect(faulty.nth(0)).to_contain_text("6")
    expect(faulty.nth(0)).to_contain_text("UserEmail “not an address” is not an email address.")
    expect(faulty.nth(1)).to_contain_text("7")
    expect(faulty.nth(1)).to_contain_text("Its quotation marks do not pair up.")
    header, first, second = faulty_rows(page, tmp_path)
    assert header[:3] == ["What is wrong", "Line", "UserID"]
    assert (first[1:3], second[1]) == (["6", "91"], "7")
    press(page, APPLY)
    expect(page.get_by_text("The import is applied.")).to_be_visible()
    address = page.url
    assert sorted(set(names(page)) - set(before)) == ["Ann 1 Lee", "Ann 2 Lee", "Ann 3 Lee"]
    page.goto(address)
    page.get_by_role("link", name="Undo", exact=True).click()
    press(page, "Undo the import")
    expect(page.get_by_text("Undone: 4 as before.")).to_be_visible()
    assert names(page) == before
