"""What managers keep of an agency, and who reads it."""

from datetime import timedelta

import pytest

from helpdesk.extensions import db
from helpdesk.models.agency import Agency
from helpdesk.models.license import license_of
from helpdesk.services import transfers
from helpdesk.services.facts import today
from helpdesk.services.transfers import Transfer
from tests import factories
from tests.factories import Cast
from tests.web.conftest import Visit
from workflows import license as life
from workflows.guards import NEW_USER, REACTIVATE

TOLD = {
    "hmis_id": "93",
    "address": "1 Lantern St\nDetroit",
    "phone": "313-555-0100",
    "contact": "Ada Bell",
    "contact_email": "ada@lantern.example",
}


def described(agency: Agency, visit: Visit, **changes: str) -> None:
    manager = visit(factories.staff(manager=True))
    page = manager.fill(f"/manage/agencies/{agency.id}/edit", **TOLD | changes)
    assert "The agency’s profile is saved." in page.words


def test_what_a_manager_keeps_its_admins_and_staff_read(cast: Cast, visit: Visit) -> None:
    described(cast.agency, visit)
    for reader in (cast.admin, cast.sam):
        words = visit(reader).get(f"/agencies/{cast.agency.id}").words
        for told in ("1 Lantern St, Detroit", "313-555-0100", "Ada Bell", "ada@lantern.example"):
            assert told in words
        assert cast.admin.name in words


def test_an_admin_comes_to_their_own_agency_and_no_other(cast: Cast, visit: Visit) -> None:
    other = factories.cast()
    dana = visit(cast.admin)
    page = dana.get("/agencies")
    assert page.path == f"/agencies/{cast.agency.id}"
    assert dana.get(f"/agencies/{other.agency.id}").status == 404
    listed = visit(factories.admin(cast.agency, other.agency)).get("/agencies").words
    assert cast.agency.name in listed
    assert other.agency.name in listed
    assert factories.agency().name not in visit(cast.admin).get("/agencies").words


def test_hand_reads_of_an_agency_without_an_admin(cast: Cast, visit: Visit) -> None:
    lonely = factories.agency()
    sam = visit(cast.sam)
    assert f"{lonely.name} No admin who can sign in" in sam.get("/agencies").words
    assert "No admin who can sign in is left." in sam.get(f"/agencies/{lonely.id}").words
    assert "With a second admin" in sam.get(f"/agencies/{cast.agency.id}").words


def test_what_cannot_be_is_told_at_its_input_and_kept(cast: Cast, visit: Visit) -> None:
    described(cast.agency, visit)
    other, manager = factories.agency(), visit(factories.staff(manager=True))
    page = manager.fill(f"/manage/agencies/{other.id}/edit", hmis_id="93", phone="313")
    assert "Another agency has this OrganizationID already." in page.words
    page = manager.fill(f"/manage/agencies/{other.id}/edit", contact_email="ada", phone="313")
    assert "This is no email address." in page.words
    assert page.form_with("phone").values()["phone"] == "313"


def test_of_two_who_describe_an_agency_the_later_is_told_what_the_first_changed(
    cast: Cast, visit: Visit
) -> None:
    path = f"/manage/agencies/{cast.agency.id}/edit"
    first = factories.staff(manager=True)
    later = visit(factories.staff(manager=True))
    page = later.get(path)
    visit(first).fill(path, seats="5", address="1 Lantern St\nDetroit")
    told = later.send(page, page.form_with("phone"), phone="313")
    assert told.status == 409
    assert f"{first.name} changed the profile while your page was open" in told.words
    assert "Licenses at most: was blank, is now “5”" in told.words
    assert told.form_with("phone").values()["phone"] == "313"
    form = told.form_with("phone")
    done = later.send(told, form, seats="5", address="1 Lantern St\nDetroit")
    assert "The agency’s profile is saved." in done.words
    assert "1 Lantern St, Detroit" in done.words
    assert later.send(told, form, seen="made up").status == 409


def test_what_is_blanked_is_not_on_file_any_more(cast: Cast, visit: Visit) -> None:
    described(cast.agency, visit)
    described(cast.agency, visit, contact=" ", hmis_id="")
    words = visit(cast.sam).get(f"/agencies/{cast.agency.id}").words
    assert "Ada Bell" not in words
    assert "HUD ID not on file" in words


def test_a_limit_of_licenses_shows_what_is_in_use_and_what_is_too_many(
    cast: Cast, visit: Visit
) -> None:
    for state in (life.ACTIVE, life.ACTIVE, life.LOCKED):
        factories.licensee(state, of=cast.agency)
    for seats, words in (
        ("4", "3 of 4 licenses in use: 2 active, 1 locked."),
        ("3", "3 of 3 licenses in use: 2 active, 1 locked. None is left"),
        ("1", "3 of 1 license in use: 2 active, 1 locked. 2 more than there may be"),
    ):
        described(cast.agency, visit, seats=seats)
        for path, reader in (("/agencies", cast.admin), ("/agencies", cast.sam),
                             ("/manage/agencies", factories.staff(manager=True))):  # fmt: skip
            assert words in visit(reader).get(f"{path}/{cast.agency.id}").words


@pytest.mark.parametrize("seats", ["0", "-1", "many", "999999999"])
def test_a_limit_that_makes_no_sense_is_told_at_its_input(
    cast: Cast, visit: Visit, seats: str
) -> None:
    manager = visit(factories.staff(manager=True))
    page = manager.fill(f"/manage/agencies/{cast.agency.id}/edit", seats=seats, phone="313")
    assert page.form_with("seats").values()["phone"] == "313"
    assert "Licenses at most:" in page.words


def test_the_form_tells_that_no_license_is_left_before_and_after_it_is_filled_in(
    cast: Cast, visit: Visit
) -> None:
    factories.licensee(life.ACTIVE, of=cast.agency)
    ben = factories.licensee(life.INACTIVE, of=cast.agency)
    dana, path = visit(cast.admin), f"/requests/new/{REACTIVATE}?person={ben.id}"
    page = dana.get(path)
    described(cast.agency, visit, seats="1")
    reason = f"The one license of {cast.agency.name} is in use."
    assert reason in dana.get(path).words
    assert reason in dana.get(f"/requests/new/{NEW_USER}").words
    sent = dana.send(page, page.form_with("reason"), reason="no_log_in")
    assert sent.status == 409
    assert reason in sent.words
    assert sent.form_with("reason").values()["reason"] == "no_log_in"


def test_an_admin_of_two_agencies_files_for_the_one_that_has_a_license_left(
    cast: Cast, visit: Visit
) -> None:
    full, free = cast.agency, factories.agency()
    factories.licensee(life.ACTIVE, of=full)
    described(full, visit, seats="1")
    dana = visit(factories.admin(full, free))
    page = dana.get(f"/requests/new/{NEW_USER}")
    assert f"The one license of {full.name} is in use." not in page.words
    assert "agency" in page.form_with("first_name").values()
    factories.licensee(life.ACTIVE, of=free)
    described(free, visit, seats="1", hmis_id="94")
    assert "is in use." in dana.get(f"/requests/new/{NEW_USER}").words


def test_the_lists_of_agencies_tell_how_many_licenses_are_in_use(cast: Cast, visit: Visit) -> None:
    other = factories.agency()
    assert "Licenses in use" not in visit(cast.sam).get("/agencies").words
    for state in (life.ACTIVE, life.LOCKED, life.INACTIVE):
        factories.licensee(state, of=cast.agency)
    factories.ticket(by=cast, type=NEW_USER)
    described(cast.agency, visit, seats="3")
    manager = factories.staff(manager=True)
    for path, reader in (("/agencies", cast.sam), ("/manage/agencies", manager)):
        words = visit(reader).get(path).words
        assert "3 of 3 None is left" in words
        assert f"{other.name} No admin who can sign in 0 No limit" in words


def test_deactivating_names_who_was_to_come(cast: Cast, visit: Visit) -> None:
    ann, other = factories.licensee(life.ACTIVE, of=cast.agency), factories.agency()
    row = license_of(db.session(), ann.id)
    assert row is not None
    transfers.transfer(row.id, Transfer(other.id, today() + timedelta(days=7)), cast.sam)
    manager = visit(factories.staff(manager=True))
    words = manager.get(f"/manage/agencies/{other.id}/deactivate").words
    assert f"1 person is to move here on a day to come: {ann.name}" in words
