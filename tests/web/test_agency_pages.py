"""What managers keep of an agency, and who reads it."""

from helpdesk.models.agency import Agency
from tests import factories
from tests.factories import Cast
from tests.web.conftest import Visit

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


def test_what_is_blanked_is_not_on_file_any_more(cast: Cast, visit: Visit) -> None:
    described(cast.agency, visit)
    described(cast.agency, visit, contact=" ", hmis_id="")
    words = visit(cast.sam).get(f"/agencies/{cast.agency.id}").words
    assert "Ada Bell" not in words
    assert "HUD ID not on file" in words
