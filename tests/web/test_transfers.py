"""The page on which HAND moves somebody to another agency, and what the agencies see of it."""

from datetime import timedelta

import pytest

from helpdesk.extensions import db
from helpdesk.models.agency import Agency
from helpdesk.models.person import Person
from helpdesk.services.facts import today
from helpdesk.transaction import transaction
from tests import factories
from tests.factories import Cast
from tests.web.conftest import Visit
from workflows import license as life
from workflows.dates import in_words


@pytest.fixture
def ann(cast: Cast) -> Person:
    return factories.licensee(life.ACTIVE, of=cast.agency)


def test_staff_move_somebody_and_each_agency_sees_its_own(
    cast: Cast, ann: Person, visit: Visit
) -> None:
    new = factories.cast()
    sam, path = visit(cast.sam), f"/people/{ann.id}"
    assert "Transfer to another agency" in sam.get(path).words
    page = sam.fill(f"{path}/transfer", agency=str(new.agency.id), reason="A new job.")
    assert f"{ann.name} belongs to {new.agency.name} now." in page.words
    assert f"From {cast.agency.name} to {new.agency.name}." in page.words
    assert "A new job." in page.words
    assert visit(cast.admin).get(path).status == 404
    theirs = visit(new.admin).get(path)
    assert theirs.status == 200
    for hidden in (cast.agency.name, "A new job.", "Transfer to another agency"):
        assert hidden not in theirs.words


def test_a_planned_move_shows_and_only_hand_reads_where_to_and_takes_it_back(
    cast: Cast, ann: Person, visit: Visit
) -> None:
    new, day = factories.cast(), today() + timedelta(days=7)
    sam, path = visit(cast.sam), f"/people/{ann.id}"
    page = sam.fill(f"{path}/transfer", agency=str(new.agency.id), on=day.isoformat(), reason="X")
    assert f"Moves to {new.agency.name} on {in_words(day)}." in page.words
    seen = visit(cast.admin).get(path)
    assert f"Moves to another agency on {in_words(day)}." in seen.words
    assert "Take it back" not in seen.words
    assert new.agency.name not in seen.words
    form = next(form for form in page.forms if form.action.endswith("/transfer/take-back"))
    back = sam.send(page, form)
    assert f"{ann.name} stays: the move is taken back" in back.words
    again = sam.send(page, form)
    assert "There is no move to take back." in again.words


def test_what_is_missing_or_odd_is_told_at_its_input_and_kept(
    cast: Cast, ann: Person, visit: Visit
) -> None:
    sam, path = visit(cast.sam), f"/people/{ann.id}/transfer"
    page = sam.fill(path, agency="0", on="", reason=" ")
    for words in ("Choose an agency.", "Type the first day.", "Say why, in a few words."):
        assert words in page.words
    page = sam.fill(path, agency="999", on="2020-01-01", reason="A new job.")
    assert "more than a year away" in page.words
    assert page.form_with("reason").values()["reason"].strip() == "A new job."


def test_a_full_agency_is_told_at_its_input(cast: Cast, ann: Person, visit: Visit) -> None:
    full = factories.agency()
    factories.licensee(life.ACTIVE, of=full)
    with transaction() as session:
        session.get_one(Agency, full.id).seats = 1
    page = visit(cast.sam).fill(f"/people/{ann.id}/transfer", agency=str(full.id), reason="X")
    assert "All the licenses that agency may have are in use." in page.words
    assert page.form_with("reason").values()["agency"] == str(full.id)


def test_the_page_tells_of_open_requests_and_of_a_last_admin(cast: Cast, visit: Visit) -> None:
    ticket = factories.ticket(by=cast)
    words = visit(cast.sam).get(f"/people/{ticket.person_id}/transfer").words
    assert f"Open requests stay with the agency that filed them: {ticket.number}" in words
    dana = db.session.get_one(Person, cast.admin.person_id)
    factories.give_license(dana, life.ACTIVE, cast.agency)
    words = visit(cast.sam).get(f"/people/{dana.id}/transfer").words
    assert f"{dana.name} is the last admin of {cast.agency.name}" in words
    assert "Name another one first." in words


def test_the_agency_they_are_at_is_not_offered(cast: Cast, visit: Visit) -> None:
    new, ann = factories.agency(), factories.licensee(of=cast.agency)
    page = visit(cast.sam).get(f"/people/{ann.id}/transfer")
    assert f">{new.name}</option>" in page.text
    assert f">{cast.agency.name}</option>" not in page.text
