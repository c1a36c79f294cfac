"""Licenses to delete, on staff's pages: who waits, what is asked before, what is said after."""

import pytest

from helpdesk.actor import Actor, Channel
from helpdesk.extensions import db
from helpdesk.jobs.drain import drain
from helpdesk.models.effect import Kind
from helpdesk.models.license import License, license_of
from helpdesk.models.person import Person
from helpdesk.models.role import Role
from tests import factories
from tests.factories import PASSWORD, Cast
from tests.second_steps import grow_stale
from tests.web.conftest import Visit
from workflows import license as life
from workflows.dates import in_words
from workflows.guards import REACTIVATE

LIST = "/deletions"


@pytest.fixture
def ann(cast: Cast) -> Person:
    return factories.proposed(cast.agency)


def row_of(person: Person) -> License:
    row = license_of(db.session(), person.id)
    assert row is not None
    db.session.refresh(row)
    return row


def confirming(*people: Person) -> str:
    return f"{LIST}/confirm?" + "&".join(f"license={row_of(each).id}" for each in people)


def test_staff_are_told_at_home_that_proposals_wait_and_agencies_are_not(
    ann: Person, cast: Cast, visit: Visit
) -> None:
    factories.proposed(cast.agency)
    home = visit(cast.sam).get("/")
    assert "2 licenses wait for your word whether to delete or keep." in home.words
    assert 'href="/deletions"' in home.text
    assert "whether to delete" not in visit(cast.admin).get("/").words


def test_the_list_says_who_and_why_and_is_empty_in_words(cast: Cast, visit: Visit) -> None:
    sam = visit(cast.sam)
    assert "No license waits to be deleted." in sam.get(LIST).words
    ann = factories.proposed(cast.agency)
    page = sam.get(LIST)
    assert (ann.name in page.words, "Inactive since" in page.words) == (True, True)
    assert f'href="/people/{ann.id}"' in page.text


def test_chosen_and_confirmed_the_license_goes_with_its_account(
    ann: Person, cast: Cast, visit: Visit
) -> None:
    sam = visit(cast.sam)
    page = sam.get(confirming(ann))
    assert f"Delete this license? {ann.name}" in page.words
    done = sam.send(page, page.form_with("license"))
    assert "1 license is being deleted" in done.words
    assert f"{ann.name} , {cast.agency.name}: confirmed by {cast.sam.name}" in done.words
    drain(Kind.ACCOUNT)
    assert row_of(ann).state == life.DELETED
    assert ann.name not in sam.get(LIST).words
    person = sam.get(f"/people/{ann.id}").words
    assert "confirmed the deletion" in person
    assert "deleted the license" in person


def test_before_it_is_asked_again_who_sits_there(ann: Person, cast: Cast, visit: Visit) -> None:
    joan = factories.staff(password=PASSWORD)
    visitor = visit(joan)
    grow_stale()
    page = visitor.get(confirming(ann))
    asked = visitor.send(page, page.form_with("license"))
    assert "Is it still you?" in asked.words
    assert not row_of(ann).facts.confirmed
    done = visitor.send(asked, asked.form_with("proof_password"), proof_password=PASSWORD)
    assert "1 license is being deleted" in done.words


def test_nothing_chosen_is_said_kindly(ann: Person, cast: Cast, visit: Visit) -> None:
    sam = visit(cast.sam)
    assert "Choose the licenses to delete first." in sam.get(f"{LIST}/confirm").words
    assert "Choose the licenses to delete first." in sam.get(f"{LIST}/confirm?license=x").words
    assert not row_of(ann).facts.confirmed


def test_an_open_request_and_ones_own_license_come_without_a_box_to_tick(
    ann: Person, cast: Cast, visit: Visit
) -> None:
    ticket = factories.ticket(by=cast, about=ann, type=REACTIVATE)
    page = visit(cast.sam).get(LIST)
    assert f"First: {ticket.number}" in page.words
    assert 'name="license"' not in page.text
    refused = visit(cast.sam)
    asking = refused.get(confirming(ann))
    told = refused.send(asking, asking.form_with("license")).words
    assert f"{ann.name}: decide on {ticket.number} first, which is open." in told
    bea = factories.proposed(cast.agency)
    factories.grant(bea, Role.STAFF)
    own = visit(Actor(bea.id, bea.name, Channel.WEB, staff=True)).get(LIST)
    assert "Yours: a colleague decides" in own.words


def test_the_persons_page_says_from_when_on_it_may_be_deleted(
    ann: Person, cast: Cast, visit: Visit
) -> None:
    day = row_of(ann).deletable_on
    assert day is not None
    for who in (cast.sam, cast.admin):
        page = visit(who).get(f"/people/{ann.id}")
        assert f"May be deleted from {in_words(day)}" in page.words


def test_keeping_needs_a_reason_that_its_history_shows(
    ann: Person, cast: Cast, visit: Visit
) -> None:
    sam, path = visit(cast.sam), f"{LIST}/{row_of(ann).id}/keep"
    page = sam.fill(path, reason="  ")
    assert "Say why; it is kept in the history." in page.words
    done = sam.fill(path, reason="She is back in spring.")
    assert f"{ann.name}’s license is kept." in done.words
    assert "She is back in spring." in sam.get(f"/people/{ann.id}").words
    assert sam.get(path).status == 404


def test_a_colleague_was_faster(ann: Person, cast: Cast, visit: Visit) -> None:
    sam, joan = visit(cast.sam), visit(cast.joan)
    here, there = sam.get(confirming(ann)), joan.get(confirming(ann))
    sam.send(here, here.form_with("license"))
    again = joan.send(there, there.form_with("license"))
    assert "A colleague has decided on that already." in again.words
    keep = f"{LIST}/{row_of(ann).id}/keep"
    assert "Keep after all" in again.words
    kept = joan.fill(keep, reason="The agency has called.")
    assert f"{ann.name}’s license is kept." in kept.words
    assert not row_of(ann).facts.confirmed
