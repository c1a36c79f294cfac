"""Agencies and roles on the manager's pages: what is said before, what is warned of, what bites."""

from helpdesk.actor import Actor
from helpdesk.extensions import db
from helpdesk.models.agency import Agency
from helpdesk.models.person import Person
from helpdesk.models.role import Grant, Role
from helpdesk.transaction import transaction
from tests import factories
from tests.web.conftest import Visit
from tests.web.visitor import Visitor

FORSAKEN = "No admin who can sign in"


def morgan(visit: Visit) -> Visitor:
    return visit(factories.staff("morgan.hale", manager=True))


def revoke_path(actor: Actor) -> str:
    row = db.session.query(Grant).filter_by(person_id=actor.person_id).one()
    return f"/manage/people/{actor.person_id}/roles/{row.id}/revoke"


def test_an_agency_is_added_renamed_and_its_name_is_its_own(
    cast: factories.Cast, visit: Visit
) -> None:
    manager = morgan(visit)
    page = manager.fill("/manage/agencies/new", name="  Lantern  Street ")
    assert "Lantern Street is added. Next: name its first admin." in page.words
    assert FORSAKEN in page.words
    renamed = manager.fill(f"{page.path}/edit", name="Lantern House")
    assert renamed.title.startswith("Lantern House")
    again = manager.fill("/manage/agencies/new", name="lantern house")
    assert "There is an agency of that name already." in again.words
    assert again.form_with("name").values()["name"] == "lantern house"


def test_a_name_of_blanks_is_no_name(cast: factories.Cast, visit: Visit) -> None:
    page = morgan(visit).fill("/manage/agencies/new", name=" \t ")
    assert "Type the agency’s name." in page.words


def test_hostile_names_are_kept_and_harmless(cast: factories.Cast, visit: Visit) -> None:
    manager = morgan(visit)
    name = "<b>Ha\0ven</b> \u202eيافا\r\n2"
    page = manager.fill("/manage/agencies/new", name=name)
    assert "<b>Ha\ufffdven</b> يافا 2" in page.words
    assert "<b>Ha" not in page.text


def test_taking_the_last_admin_away_is_warned_of_and_shows_afterwards(
    cast: factories.Cast, visit: Visit
) -> None:
    manager, path = morgan(visit), revoke_path(cast.admin)
    asked = manager.get(path)
    assert f"{cast.agency.name} is left without an admin who can sign in." in asked.words
    done = manager.confirm(asked)
    assert done.path == f"/manage/agencies/{cast.agency.id}"
    assert FORSAKEN in done.words
    assert FORSAKEN in manager.get("/manage/agencies").words


def test_taking_one_of_two_admins_away_is_no_cause_for_a_warning(
    cast: factories.Cast, visit: Visit
) -> None:
    factories.admin(cast.agency)
    asked = morgan(visit).get(revoke_path(cast.admin))
    assert "left without" not in asked.words


def test_an_admin_is_named_among_the_agencys_own_people(
    cast: factories.Cast, visit: Visit
) -> None:
    ann = factories.licensee(of=cast.agency)
    stranger = factories.licensee(of=factories.agency())
    manager = morgan(visit)
    path = f"/manage/agencies/{cast.agency.id}/admin"
    page = manager.get(path)
    assert set(page.form_with("person").fields["person"].options) == {"0", str(ann.id)}
    assert "Choose a person." in manager.fill(path, person="0").words
    refused = manager.fill(path, person=str(stranger.id))
    assert refused.title.startswith("Error")
    named = manager.fill(path, person=str(ann.id))
    assert "is an agency admin now. They get a link to choose a password" in named.words
    assert db.session.query(Grant).filter_by(person_id=ann.id).one().agency_id == cast.agency.id


def test_an_inactive_agency_shuts_its_admins_out_at_the_next_request(
    cast: factories.Cast, visit: Visit
) -> None:
    factories.ticket(by=cast)
    dana, manager = visit(cast.admin), morgan(visit)
    assert dana.get("/requests/new").status == 200
    path = f"/manage/agencies/{cast.agency.id}"
    asked = manager.get(f"{path}/deactivate")
    assert "1 admin can no longer see or file anything" in asked.words
    assert "1 open request stays in the queue" in asked.words
    done = manager.confirm(asked)
    assert "Inactive" in done.words
    assert dana.get("/requests/new").path.startswith("/sign-in")
    back = manager.get(f"{path}/reactivate")
    manager.confirm(back)
    assert dana.get("/requests/new").status == 200


def test_an_admin_of_two_agencies_keeps_the_active_one(
    cast: factories.Cast, visit: Visit
) -> None:
    north = factories.agency()
    both = factories.admin(cast.agency, north)
    theirs = factories.licensee(of=north)
    dana = visit(both)
    form = f"/requests/new/request_new_password?person={theirs.id}"
    assert dana.get(form).status == 200
    with transaction() as session:
        session.get_one(Agency, north.id).active = False
    assert dana.get(form).status == 404
    assert dana.get("/requests/new").status == 200


def test_a_role_that_is_given_or_taken_bites_at_the_next_request(
    cast: factories.Cast, visit: Visit
) -> None:
    manager, dana = morgan(visit), visit(cast.admin)
    assert dana.get("/queue").status == 403
    given = manager.fill(f"/manage/people/{cast.admin.person_id}/roles/new", role="staff")
    assert "has the role now" in given.words
    assert dana.get("/queue").status == 200
    row = db.session.query(Grant).filter_by(person_id=cast.admin.person_id, role=Role.STAFF).one()
    asked = manager.get(f"/manage/people/{cast.admin.person_id}/roles/{row.id}/revoke")
    manager.confirm(asked)
    assert dana.get("/queue").status == 403


def test_an_agency_admin_needs_an_agency_and_a_role_needs_to_exist(
    cast: factories.Cast, visit: Visit
) -> None:
    manager = morgan(visit)
    path = f"/manage/people/{cast.sam.person_id}/roles/new"
    assert "Choose the agency." in manager.fill(path, role="agency_admin", agency="0").words
    assert manager.fill(path, role="king").title.startswith("Error")
    assert manager.fill(path, role="").title.startswith("Error")
    assert manager.fill(path, role="agency_admin", agency="999").title.startswith("Error")
    given = manager.fill(path, role="staff", agency=str(cast.agency.id))
    assert "has the role now" in given.words
    rows = db.session.query(Grant).filter_by(person_id=cast.sam.person_id)
    assert [(row.role, row.agency_id) for row in rows] == [(Role.STAFF, None)]


def test_nobody_demotes_or_disables_themselves(cast: factories.Cast, visit: Visit) -> None:
    me = factories.staff(manager=True)
    manager = visit(me)
    for path in (revoke_path(me), f"/manage/people/{me.person_id}/disable"):
        asked = manager.get(path)
        refused = manager.confirm(asked)
        assert refused.status == 409
        assert "Ask another manager to do it." in refused.words
    assert manager.get("/manage/agencies").status == 200


def test_a_grant_that_is_gone_is_not_found(cast: factories.Cast, visit: Visit) -> None:
    manager, path = morgan(visit), revoke_path(cast.sam)
    asked = manager.get(path)
    manager.confirm(asked)
    assert manager.get(path).status == 404
    other = revoke_path(cast.joan).replace(str(cast.joan.person_id), str(cast.sam.person_id), 1)
    assert manager.get(other).status == 404


def test_too_few_who_can_approve_are_warned_of_with_the_way_to_mend_it(
    cast: factories.Cast, visit: Visit
) -> None:
    manager = morgan(visit)
    assert "Fewer than 2 people can approve" not in manager.get("/manage/approvers").words
    manager.confirm(manager.get(revoke_path(cast.sam)))
    asked = manager.get(revoke_path(cast.joan))
    assert "Fewer than two people are left" in asked.words
    manager.confirm(asked)
    page = manager.get("/manage/approvers")
    assert "Fewer than 2 people can approve" in page.words
    assert "Add a person at HAND" in page.words


def test_somebody_without_a_username_is_told_why_no_role_can_be_given(
    cast: factories.Cast, visit: Visit
) -> None:
    ann = factories.licensee(of=cast.agency)
    with transaction() as session:
        session.get_one(Person, ann.id).username = None
    page = morgan(visit).fill(f"/manage/people/{ann.id}/roles/new", role="staff")
    assert "has no username yet" in page.words
