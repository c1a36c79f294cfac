"""While somebody has still to sign by a mailed link, nothing that happens lets it be approved."""

import pytest

from helpdesk.extensions import db
from helpdesk.models.document import Scan
from helpdesk.models.person import Person
from helpdesk.models.signature_request import signature_requests
from helpdesk.services import corrections, signing, tickets
from helpdesk.services.corrections import OnFile
from helpdesk.services.held_documents import empty, examine_held
from helpdesk.transaction import transaction
from tests import factories
from tests.factories import Cast
from tests.support.fakes import FakeClock
from tests.support.signatures import renewal, tokens, worksheet_of
from workflows import license as life
from workflows.engine import Refused


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
