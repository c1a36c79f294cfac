"""While somebody has still to sign by a mailed link, nothing that happens lets it be approved."""

from dataclasses import replace
from datetime import timedelta

import pytest

from helpdesk.extensions import db
from helpdesk.models.document import Scan
from helpdesk.models.event import history
from helpdesk.models.license import license_of
from helpdesk.models.person import Person
from helpdesk.models.reading import Value
from helpdesk.models.role import Grant
from helpdesk.models.signature_request import signature_requests
from helpdesk.services import corrections, signing, tickets
from helpdesk.services.corrections import OnFile
from helpdesk.services.facts import today
from helpdesk.services.filing import Request
from helpdesk.services.held_documents import empty, examine_held
from helpdesk.services.signing import CannotSign, Why
from helpdesk.services.sweep.run import sweep
from helpdesk.transaction import transaction
from tests import factories, filings
from tests.factories import Cast
from tests.support.fakes import FakeClock
from tests.support.signatures import renewal, tokens, worksheet_of
from workflows import license as life
from workflows.engine import Refused
from workflows.guards import NEW_PASSWORD, RECERTIFY
from workflows.signing import BY_TYPED_LINK, asked_at, asked_name, where


@pytest.fixture
def ann(cast: Cast, clock: FakeClock) -> Person:
    return factories.licensee(life.EXPIRED, of=cast.agency)


@pytest.fixture
def unsigned(cast: Cast, ann: Person) -> int:
    """Ann and her admin have to sign what HAND filed for her; they said that they will."""
    number = renewal(cast, ann).id
    tickets.act(number, "record_answer", cast.joan, {"message": "They sign today."})
    return number


def refusal(number: int, cast: Cast) -> str:
    with pytest.raises(Refused) as error:
        tickets.act(number, "approve", cast.joan)
    return str(error.value)


def texts_of(number: int) -> dict[str, str]:
    db.session.expire_all()
    reading = worksheet_of(number).reading
    return reading.texts if reading else {}


def test_a_worksheet_that_was_held_is_known_as_it_was_filled_in(unsigned: int, cast: Cast) -> None:
    before = texts_of(unsigned)
    with transaction():
        worksheet_of(unsigned).scan = Scan.HELD
    assert examine_held() == 1
    assert texts_of(unsigned) == before
    refused = refusal(unsigned, cast)
    assert f"has not signed as the user yet: the link went to {before['user.asked_at']}" in refused
    assert "has not signed as the agency admin yet" in refused
    signing.sign(tokens(unsigned)["user"], before["user.asked_name"])
    assert "by a link mailed to" in texts_of(unsigned)["user.says"]


def test_who_was_asked_counts_and_not_what_is_read_by_now(unsigned: int, cast: Cast) -> None:
    with transaction():
        worksheet_of(unsigned).reading = None
    assert "has not signed as the user yet" in refusal(unsigned, cast)


def test_a_worksheet_that_is_gone_is_signed_by_nobody(unsigned: int) -> None:
    with transaction() as session:
        empty(session, worksheet_of(unsigned))
    rows = signature_requests(db.session(), unsigned)
    assert [row.outstanding for row in rows] == [False, False]


def test_who_moved_the_address_of_a_signer_does_not_approve(unsigned: int, cast: Cast) -> None:
    """They could have opened the link that was mailed there, and signed in the admin's name."""
    manager = factories.staff(manager=True)
    admin = db.session.get_one(Person, cast.admin.person_id)
    told = OnFile(admin.first_name, admin.last_name, "somewhere.else@harbor.example")
    corrections.correct(admin.id, told, 0, manager, "")
    tickets.act(unsigned, "ask_to_sign", manager, {"who": "admin"})
    for who, name in (("admin", cast.admin.name), ("user", "Ann Lee")):
        signing.sign(tokens(unsigned)[who], name)
    with pytest.raises(Refused, match="You changed the email of"):
        tickets.act(unsigned, "approve", manager)
    tickets.act(unsigned, "take", cast.joan)
    assert tickets.act(unsigned, "approve", cast.joan).state == "approved"


def test_a_reminder_goes_where_people_are_reached_by_now(
    cast: Cast, ann: Person, clock: FakeClock
) -> None:
    number = renewal(cast, ann).id
    corrections.correct(ann.id, OnFile("Anna", "Lee", "anna@harbor.example"), 0, cast.sam, "")
    clock.pass_by(timedelta(days=2))
    sweep()
    assert signing.opened(tokens(number)["user"]).asked.address == "anna@harbor.example"
    assert texts_of(number)["user.asked_at"] == "anna@harbor.example"
    assert texts_of(number)["user.asked_name"] == "Anna Lee"


def test_filed_again_a_worksheet_goes_where_people_are_reached_by_now(
    cast: Cast, ann: Person
) -> None:
    first = renewal(cast, ann).id
    tickets.act(first, "withdraw", cast.admin)
    admin = db.session.get_one(Person, cast.admin.person_id)
    told = OnFile(admin.first_name, admin.last_name, "dana.new@harbor.example")
    corrections.correct(admin.id, told, 0, factories.staff(manager=True), "")
    fields, kept = filings.answers(RECERTIFY), (worksheet_of(first).id,)
    again = Request(RECERTIFY, ann.id, ann.id, "filed-again-0000001", fields, keep=kept)
    number = tickets.open_ticket(again, cast.sam).id
    assert signing.opened(tokens(number)["admin"]).asked.address == "dana.new@harbor.example"
    assert texts_of(number)["admin.asked_at"] == "dana.new@harbor.example"


def test_who_files_a_worksheet_again_is_not_asked_as_its_director(cast: Cast, ann: Person) -> None:
    first = renewal(cast, ann).id
    tickets.act(first, "withdraw", cast.admin)
    admin = db.session.get_one(Person, cast.admin.person_id)
    with transaction():
        sheet = worksheet_of(first)
        assert sheet.reading is not None
        director = {where("director"): BY_TYPED_LINK, asked_name("director"): "Eda Moss",
                    asked_at("director"): admin.email or ""}  # fmt: skip
        values = sheet.reading.values | {name: Value(text) for name, text in director.items()}
        sheet.reading = replace(sheet.reading, values=values)
    fields, kept = filings.answers(RECERTIFY), (worksheet_of(first).id,)
    again = Request(RECERTIFY, ann.id, admin.id, "filed-again-0000001", fields, keep=kept)
    with pytest.raises(Refused, match="That is who filed the request"):
        tickets.open_ticket(again, cast.admin)


def test_who_is_no_admin_any_more_is_mailed_nothing_and_the_filer_is_told(
    cast: Cast, ann: Person, clock: FakeClock
) -> None:
    number = renewal(cast, ann).id
    before = tokens(number)
    with transaction() as session:
        session.query(Grant).filter_by(person_id=cast.admin.person_id).delete()
    clock.pass_by(timedelta(days=2))
    sweep()
    assert tokens(number)["admin"] == before["admin"]
    assert tokens(number)["user"] != before["user"]
    told = history(db.session(), number)[-1].data["unsigned"]
    assert "who is no admin any more" in told[1]
    with pytest.raises(Refused, match="is no admin of the agency any more"):
        tickets.act(number, "ask_to_sign", cast.sam, {"who": "admin"})


def test_who_was_no_admin_any_more_when_it_was_filed_is_told_at_once(
    cast: Cast, ann: Person
) -> None:
    first = renewal(cast, ann).id
    tickets.act(first, "withdraw", cast.admin)
    with transaction() as session:
        session.query(Grant).filter_by(person_id=cast.admin.person_id).delete()
    fields, kept = filings.answers(RECERTIFY), (worksheet_of(first).id,)
    again = Request(RECERTIFY, ann.id, ann.id, "filed-again-0000001", fields, keep=kept)
    number = tickets.open_ticket(again, cast.sam).id
    told = history(db.session(), number)[0].data["unsigned"]
    assert ["who is no admin any more" in line for line in told] == [False, True]
    assert list(tokens(number)) == ["user"]


def test_what_goes_on_as_another_type_and_back_has_still_to_be_signed(
    cast: Cast, clock: FakeClock
) -> None:
    maria = factories.licensee(life.ACTIVE, of=cast.agency)
    with transaction() as session:
        held = license_of(session, maria.id)
        assert held is not None
        held.expires_on = today() + timedelta(days=7)
    first = renewal(cast, maria).id
    between = tickets.act(first, "convert", cast.joan, {"to": NEW_PASSWORD, "message": "So."})
    with pytest.raises(CannotSign) as error:
        signing.opened(tokens(first)["user"])
    assert error.value.why is Why.CONVERTED
    assert tokens(between.id) == {}
    last = tickets.act(between.id, "convert", cast.joan, {"to": RECERTIFY, "message": "Not so."})
    assert list(tokens(last.id)) == ["user", "admin"]
    assert last.state == "in_review"
    number = last.id
    assert "has not signed as the user yet" in refusal(number, cast)
    for who, name in (("user", maria.name), ("admin", cast.admin.name)):
        signing.sign(tokens(number)[who], name)
    assert tickets.act(number, "approve", cast.joan).state == "approved"
