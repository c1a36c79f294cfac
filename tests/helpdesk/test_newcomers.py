"""Somebody new who is perhaps on file: who is found, who is made, and what nobody is told."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from helpdesk import links
from helpdesk.actor import Actor
from helpdesk.extensions import db
from helpdesk.links import Purpose
from helpdesk.models.correction import corrections_of
from helpdesk.models.effect import Effect
from helpdesk.models.license import License, license_of
from helpdesk.models.person import Person
from helpdesk.models.ticket import Ticket
from helpdesk.services import tickets
from helpdesk.services.facts import people_of
from helpdesk.services.filing import AlreadyOpen, Request, SentBefore
from helpdesk.services.newcomers import Newcomer
from helpdesk.transaction import transaction
from tests import factories
from tests.factories import Cast
from tests.filings import answers, upload
from tests.helpdesk.conftest import Race
from tests.helpdesk.owed import effects
from workflows import common
from workflows import license as life
from workflows.engine import Refused
from workflows.guards import NEW_USER
from workflows.registry import ticket_type

pytestmark = pytest.mark.usefixtures("clock")

MAIL = "ann.lee@agency.example"
ANN = Newcomer("Ann", "Lee", MAIL, "313 555 0101")
FREE = [life.ABSENT, life.NOT_ISSUED, life.DELETED]
TAKEN = [life.REQUESTED, *life.HELD]


def form(by: Actor, agency_id: int, who: Newcomer = ANN, key: str = "a-form-for-ann") -> Request:
    upload(by, key, *ticket_type(NEW_USER).papers)
    assert by.person_id is not None
    return Request(NEW_USER, None, by.person_id, key, answers(NEW_USER) | {"email": who.email},
                   agency_id=agency_id, newcomer=who)  # fmt: skip


def file(by: Actor, agency_id: int, who: Newcomer = ANN, key: str = "a-form-for-ann") -> Ticket:
    return tickets.open_ticket(form(by, agency_id, who, key), by)


def on_file(first: str = "Ann", last: str = "Lee", **about: Any) -> Person:
    person = factories.person(email=about.pop("email", MAIL), **about)
    with transaction() as session:
        row = session.get_one(Person, person.id)
        row.first_name, row.last_name = first, last
    return person


def people() -> list[Person]:
    return list(db.session.scalars(select(Person).where(Person.email_key == MAIL)))


def row_of(person_id: int) -> License:
    row = license_of(db.session(), person_id)
    assert row is not None
    db.session.refresh(row)
    return row


def options_of(ticket: Ticket, actor: Actor) -> dict[str, list[str]]:
    found = tickets.options(db.session(), ticket, actor)
    return {o.step.trigger: [r.sentence for r in o.reasons] for o in found}


def test_somebody_nobody_knows_is_put_on_file_with_a_license_that_is_asked_for(
    cast: Cast,
) -> None:
    ticket = file(cast.admin, cast.agency.id, replace(ANN, first_name=" Ann ", email=f" {MAIL} "))
    (ann,) = people()
    assert (ann.first_name, ann.last_name, ann.email, ann.phone) == (
        "Ann", "Lee", MAIL, "313 555 0101",
    )  # fmt: skip
    assert (ticket.person_id, ticket.agency_id, ann.username) == (ann.id, cast.agency.id, None)
    assert (row_of(ann.id).state, row_of(ann.id).agency_id) == (life.REQUESTED, cast.agency.id)


@pytest.mark.parametrize("typed", [MAIL, " ANN.LEE@Agency.Example "])
@pytest.mark.parametrize("state", FREE)
def test_somebody_of_the_same_agency_and_name_is_that_person(
    cast: Cast, state: str, typed: str
) -> None:
    ann = on_file("ann", "LEE")
    factories.give_license(ann, state, cast.agency)
    ticket = file(cast.admin, cast.agency.id, replace(ANN, email=typed))
    assert ticket.person_id == ann.id
    assert len(people()) == 1
    assert row_of(ann.id).state == life.REQUESTED


@pytest.mark.parametrize("state", [life.ABSENT, life.NOT_ISSUED, life.DELETED, life.ACTIVE])
def test_an_email_of_somebody_else_at_the_agency_is_refused_at_the_field(
    cast: Cast, state: str
) -> None:
    factories.give_license(on_file("Carl", "Dietz"), state, cast.agency)
    with pytest.raises(Refused) as refused:
        file(cast.admin, cast.agency.id)
    (reason,) = refused.value.reasons
    assert reason.field == "email"
    assert "on file for Carl Dietz" in reason.sentence
    assert len(people()) == 1


@pytest.mark.parametrize("state", life.HELD)
def test_somebody_of_the_same_agency_who_has_a_license_is_led_to_what_helps(
    cast: Cast, state: str
) -> None:
    ann = on_file()
    factories.give_license(ann, state, cast.agency)
    with pytest.raises(Refused) as refused:
        file(cast.admin, cast.agency.id)
    assert ann.name in str(refused.value)
    assert len(people()) == 1
    assert db.session.scalars(select(Ticket)).all() == []


@pytest.mark.parametrize("state", FREE)
def test_somebody_free_of_another_agency_is_taken_up_and_stays_there_until_created(
    cast: Cast, state: str
) -> None:
    ann, before = on_file("ann", "LEE"), factories.agency()
    factories.give_license(ann, state, before)
    ticket = file(cast.admin, cast.agency.id)
    assert ticket.person_id == ann.id
    assert (row_of(ann.id).state, row_of(ann.id).agency_id) == (life.REQUESTED, before.id)
    tickets.act(ticket.id, "withdraw", cast.admin)
    ended = life.DELETED if state == life.DELETED else life.NOT_ISSUED
    assert (row_of(ann.id).state, row_of(ann.id).agency_id) == (ended, before.id)


def test_somebody_without_any_license_row_is_taken_up_if_the_name_agrees(cast: Cast) -> None:
    ann = on_file()
    assert file(cast.admin, cast.agency.id).person_id == ann.id


@pytest.mark.parametrize("state", FREE)
def test_with_another_name_it_is_another_person(cast: Cast, state: str) -> None:
    other = on_file("Anna", "Lehmann")
    factories.give_license(other, state, factories.agency())
    ticket = file(cast.admin, cast.agency.id)
    assert ticket.person_id != other.id
    assert len(people()) == 2
    assert row_of(other.id).state == state


@pytest.mark.parametrize("state", TAKEN)
@pytest.mark.parametrize("name", [("Ann", "Lee"), ("Anna", "Lehmann")])
def test_the_one_who_files_never_learns_of_somebody_elsewhere(
    cast: Cast, state: str, name: tuple[str, str]
) -> None:
    """An ordinary receipt; the other license stays what and where it is."""
    elsewhere = factories.agency("Shelter House")
    other = on_file(*name)
    factories.give_license(other, state, elsewhere)
    ticket = file(cast.admin, cast.agency.id)
    assert (ticket.state, ticket.person_id != other.id) == (common.SUBMITTED, True)
    assert (row_of(other.id).state, row_of(other.id).agency_id) == (state, elsewhere.id)
    factories.step(ticket, "take", cast)
    seen = options_of(ticket, cast.admin)
    assert "Shelter House" not in str(seen)
    receipts = [effect.payload for effect in db.session.scalars(select(Effect))
                if effect.ticket_id == ticket.id]  # fmt: skip
    assert receipts
    assert "Shelter House" not in str(receipts)


@pytest.mark.parametrize("state", TAKEN)
def test_staff_see_both_and_must_say_that_it_is_another_person(cast: Cast, state: str) -> None:
    other = on_file()
    factories.give_license(other, state, factories.agency("Shelter House"))
    ticket = file(cast.admin, cast.agency.id)
    factories.step(ticket, "take", cast)
    with pytest.raises(Refused) as refused:
        factories.step(ticket, "approve", cast)
    label = life.WORKFLOW.states[state].label.lower()
    assert f"Ann Lee (Shelter House, {label})" in str(refused.value)
    assert factories.step(ticket, "approve", cast, another_person=True).state == common.APPROVED


def test_somebody_without_a_lookalike_is_approved_without_a_word(cast: Cast) -> None:
    ticket = file(cast.admin, cast.agency.id)
    factories.step(ticket, "take", cast)
    assert factories.step(ticket, "approve", cast).state == common.APPROVED


@pytest.mark.parametrize("state", life.HELD)
def test_staff_who_file_are_told_of_somebody_elsewhere(cast: Cast, state: str) -> None:
    other = on_file()
    factories.give_license(other, state, factories.agency())
    upload(cast.sam, "a-form-for-ann", *ticket_type(NEW_USER).papers)
    with pytest.raises(Refused, match="Ann Lee"):
        tickets.open_ticket(form(cast.admin, cast.agency.id), cast.sam)
    assert len(people()) == 1


def test_an_admin_of_both_agencies_is_told_too(cast: Cast) -> None:
    north = factories.agency()
    both = factories.admin(cast.agency, north)
    factories.give_license(on_file(), life.LOCKED, north)
    with pytest.raises(Refused, match="locked license"):
        file(both, cast.agency.id)


def test_somebody_without_an_address_is_nobodys_lookalike(cast: Cast) -> None:
    on_file(email=factories.NO_EMAIL)
    ticket = file(cast.admin, cast.agency.id)
    factories.step(ticket, "take", cast)
    assert options_of(ticket, cast.sam)["approve"] == []


def test_a_second_form_for_the_same_newcomer_leads_to_the_first(cast: Cast) -> None:
    first = file(cast.admin, cast.agency.id)
    with pytest.raises(AlreadyOpen) as told:
        file(cast.admin, cast.agency.id, key="a-second-form-for-ann")
    assert told.value.ticket_id == first.id
    assert len(people()) == 1


def test_the_same_form_sent_twice_is_one_ticket_about_one_person(cast: Cast) -> None:
    sent = form(cast.admin, cast.agency.id)
    first = tickets.open_ticket(sent, cast.admin)
    with pytest.raises(SentBefore) as told:
        tickets.open_ticket(sent, cast.admin)
    assert (told.value.ticket_id, told.value.differs) == (first.id, False)
    assert len(people()) == 1


@pytest.mark.parametrize("keys", [("form-one-for-ann",) * 2, ("form-one-for-ann", "form-two")])
def test_two_forms_at_once_find_one_person_and_make_one_ticket(
    cast: Cast, race: Race, keys: tuple[str, str]
) -> None:
    forms = [form(cast.admin, cast.agency.id, key=key) for key in keys]
    outcomes = race(*[lambda sent=sent: tickets.open_ticket(sent, cast.admin).id
                      for sent in forms])  # fmt: skip
    made = [outcome for outcome in outcomes if isinstance(outcome, int)]
    (refused,) = (outcome for outcome in outcomes if not isinstance(outcome, int))
    assert isinstance(refused, SentBefore if keys[0] == keys[1] else AlreadyOpen)
    assert made == [refused.ticket_id]
    assert len(people()) == 1


def test_two_agencies_that_ask_at_once_get_a_person_each_and_staff_see_both(
    cast: Cast, race: Race
) -> None:
    """Neither learns of the other; one person is not taken from under a request."""
    north = factories.agency()
    other = factories.admin(north)
    forms = [(form(by, at), by) for by, at in ((cast.admin, cast.agency.id), (other, north.id))]
    outcomes = race(*[lambda sent=sent, by=by: tickets.open_ticket(sent, by).id
                      for sent, by in forms])  # fmt: skip
    assert all(isinstance(outcome, int) for outcome in outcomes)
    assert len(people()) == 2
    for ticket_id in outcomes:
        ticket = factories.step(db.session.get_one(Ticket, ticket_id), "take", cast)
        (reason,) = tickets.attempt_at(
            db.session(), ticket, people_of(db.session(), ticket), cast.sam
        ).facts.lookalikes
        assert reason.startswith("Ann Lee (Agency ")


def test_a_refused_form_leaves_nobody_behind(cast: Cast, dump: Any) -> None:
    sent = replace(form(cast.admin, cast.agency.id), fields={})
    before = dump()
    with pytest.raises(Refused):
        tickets.open_ticket(sent, cast.admin)
    assert dump() == before


def again(ann: Person, who: Newcomer, by: Actor, agency_id: int) -> Ticket:
    """Filed from their own page."""
    sent = replace(form(by, agency_id, who), person_id=ann.id)
    return tickets.open_ticket(sent, by)


def test_filing_for_somebody_on_file_corrects_them_like_any_correction(cast: Cast) -> None:
    ann = factories.nameless(life.DELETED, of=cast.agency)
    old = ann.email
    with transaction() as session:
        url = links.mint(session, Purpose.ACCESS, ann.id, "access:1")
    again(ann, ANN, cast.admin, cast.agency.id)
    db.session.refresh(ann)
    assert (ann.name, ann.email, ann.phone) == ("Ann Lee", MAIL, "313 555 0101")
    (row,) = corrections_of(db.session(), ann.id)
    assert (row.before["email"], row.actor_id) == (old, cast.admin.person_id)
    told = [effect.payload["to"]["address"] for effect in effects(person_id=ann.id)
            if effect.payload.get("to")]  # fmt: skip
    assert told == [old, MAIL]
    found = links.find(db.session(), {Purpose.ACCESS}, url.rpartition("/")[2])
    assert found is not None
    assert not found.alive


def test_filing_for_somebody_as_they_are_corrects_nothing(cast: Cast) -> None:
    ann = factories.nameless(life.DELETED, of=cast.agency)
    assert ann.email is not None
    as_is = replace(ANN, first_name=ann.first_name, last_name=ann.last_name, email=ann.email)
    again(ann, as_is, cast.admin, cast.agency.id)
    db.session.refresh(ann)
    assert (corrections_of(db.session(), ann.id), ann.phone) == ([], "313 555 0101")


def test_filing_gives_nobody_a_colleagues_address(cast: Cast) -> None:
    ann = factories.nameless(life.DELETED, of=cast.agency)
    colleague = factories.licensee(life.ACTIVE, of=cast.agency)
    assert colleague.email is not None
    with pytest.raises(Refused, match=f"on file for {colleague.name}") as refused:
        again(ann, replace(ANN, email=colleague.email), cast.admin, cast.agency.id)
    assert [reason.field for reason in refused.value.reasons] == ["email"]
    assert corrections_of(db.session(), ann.id) == []
