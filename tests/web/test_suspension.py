"""Suspending a license and lifting it, on the pages: what is asked, kept, said and shown."""

from helpdesk.extensions import db
from helpdesk.models.license import License, license_of
from helpdesk.models.person import Person
from tests import factories
from tests.factories import PASSWORD, Cast
from tests.second_steps import grow_stale
from tests.web.conftest import Visit
from workflows import license as life

SHARED = "Two people used it."
SAID = "Please call us."


def row_of(person: Person) -> License:
    row = license_of(db.session(), person.id)
    assert row is not None
    db.session.refresh(row)
    return row


def test_it_is_suspended_from_the_persons_page_and_the_history_tells_why(
    cast: Cast, visit: Visit
) -> None:
    ann, sam = factories.licensee(life.ACTIVE, of=cast.agency), visit(cast.sam)
    assert f'href="/people/{ann.id}/suspend"' in sam.get(f"/people/{ann.id}").text
    page = sam.fill(f"/people/{ann.id}/suspend", reason=SHARED, said=SAID)
    assert f"{ann.name}’s license is suspended, and everybody concerned is told." in page.words
    assert row_of(ann).state == life.SUSPENDED
    assert f"{SHARED} They were told: {SAID}" in page.words
    assert "suspended the license" in page.words
    assert "Suspended since" in page.words


def test_agencies_see_that_it_is_suspended_and_neither_the_reason_nor_a_way_to_do_it(
    cast: Cast, visit: Visit
) -> None:
    ann, dana = factories.licensee(life.ACTIVE, of=cast.agency), visit(cast.admin)
    assert "/suspend" not in dana.get(f"/people/{ann.id}").text
    visit(cast.sam).fill(f"/people/{ann.id}/suspend", reason=SHARED, said=SAID)
    page = dana.get(f"/people/{ann.id}")
    assert "Suspended" in page.words
    assert SHARED not in page.text
    assert "/lift" not in page.text


def test_a_reason_is_asked_for_at_its_field_and_what_was_typed_stays(
    cast: Cast, visit: Visit
) -> None:
    ann = factories.licensee(life.ACTIVE, of=cast.agency)
    page = visit(cast.sam).fill(f"/people/{ann.id}/suspend", reason=" ", said=SAID)
    assert "Say why; it is kept in the history." in page.words
    assert SAID in page.areas
    assert row_of(ann).state == life.ACTIVE


def test_before_it_is_asked_again_who_sits_there_and_nothing_typed_is_lost(
    cast: Cast, visit: Visit
) -> None:
    ann = factories.licensee(life.ACTIVE, of=cast.agency)
    joan = visit(factories.staff(password=PASSWORD))
    grow_stale()
    asked = joan.fill(f"/people/{ann.id}/suspend", reason=SHARED, said=SAID)
    assert "Is it still you?" in asked.words
    assert row_of(ann).state == life.ACTIVE
    page = joan.send(asked, asked.form_with("proof_password"), proof_password=PASSWORD)
    assert f"{SHARED} They were told: {SAID}" in page.words


def test_a_manager_lifts_it_and_staff_see_no_way_to(cast: Cast, visit: Visit) -> None:
    ann = factories.licensee(life.SUSPENDED, of=cast.agency)
    assert f"/people/{ann.id}/lift" not in visit(cast.sam).get(f"/people/{ann.id}").text
    morgan = visit(factories.staff(manager=True))
    assert f'href="/people/{ann.id}/lift"' in morgan.get(f"/people/{ann.id}").text
    page = morgan.fill(f"/people/{ann.id}/lift", reason="It was a mistake.")
    assert f"The suspension of {ann.name}’s license is lifted" in page.words
    assert row_of(ann).state == life.ACTIVE


def test_a_colleague_was_faster(cast: Cast, visit: Visit) -> None:
    ann, path = factories.licensee(life.ACTIVE, of=cast.agency), "suspend"
    sam, joan = visit(cast.sam), visit(cast.joan)
    open_page = joan.get(f"/people/{ann.id}/{path}")
    sam.fill(f"/people/{ann.id}/{path}", reason=SHARED)
    late = joan.send(open_page, open_page.form_with("reason"), reason="Same here.")
    assert late.status == 409
    assert "This is not possible now" in late.words
    assert "The license is suspended." in joan.get(f"/people/{ann.id}/{path}").words


def test_nobody_suspends_their_own_license(cast: Cast, visit: Visit) -> None:
    sam = db.session.get_one(Person, cast.sam.person_id)
    factories.give_license(sam, life.ACTIVE, cast.agency)
    page = visit(cast.sam).get(f"/people/{sam.id}/suspend")
    assert "It is your own license. A colleague at HAND has to decide." in page.words
    assert "reason" not in {name for form in page.forms for name in form.fields}
