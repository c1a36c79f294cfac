"""The last signature by a mailed link: HAND has the request then, or hears of it."""

from datetime import timedelta
from typing import Any

import pytest

from helpdesk.extensions import db
from helpdesk.models.event import last_of
from helpdesk.models.ticket import Ticket
from helpdesk.services import signing, tickets
from helpdesk.services.straight.decide import decide
from helpdesk.services.sweep.run import sweep
from tests.factories import Cast
from tests.helpdesk.owed import mails_of
from tests.support.fakes import FakeClock
from tests.support.signatures import renewal, tokens
from workflows.common import ASKS
from workflows.engine import Refused
from workflows.papers import RECERTIFICATION_WORKSHEET

DAY = timedelta(days=1)


@pytest.fixture
def unsigned(cast: Cast, clock: FakeClock) -> Ticket:
    """The licensee and their admin have to sign what HAND filed for them."""
    return renewal(cast)


def state_of(ticket_id: int) -> str:
    return db.session.get_one(Ticket, ticket_id, populate_existing=True).state


def test_whoever_filed_is_told_when_all_have_signed(unsigned: Ticket, cast: Cast) -> None:
    links, number = tokens(unsigned.id), unsigned.id
    signing.sign(links["user"], "Ann Lee")
    signing.sign(links["admin"], cast.admin.name)
    ticket = db.session.get_one(Ticket, number)
    assert ("all_signed", ticket.filer_id) in mails_of(ticket)
    assert ticket.due_at is not None


def test_what_was_signed_by_links_is_left_to_people(unsigned: Ticket, cast: Cast) -> None:
    links, number = tokens(unsigned.id), unsigned.id
    signing.sign(links["user"], "Ann Lee")
    signing.sign(links["admin"], cast.admin.name)
    assert decide(number) is None
    assert state_of(number) == "submitted"


def test_where_hand_has_the_request_already_it_stays_there(
    unsigned: Ticket, cast: Cast
) -> None:
    """They told HAND by phone that it is coming; approving waits for the signatures."""
    links, number = tokens(unsigned.id), unsigned.id
    tickets.act(number, "record_answer", cast.joan, {"message": "They sign today."})
    with pytest.raises(Refused, match="has not signed as the user yet"):
        tickets.act(number, "approve", cast.joan)
    tickets.act(number, "take", cast.joan)
    signing.sign(links["user"], "Ann Lee")
    signing.sign(links["admin"], cast.admin.name)
    assert state_of(number) == "in_review"
    told = mails_of(db.session.get_one(Ticket, number))
    assert ("last_signed", cast.joan.person_id) in told
    tickets.act(number, "approve", cast.joan)
    assert state_of(number) == "approved"


def test_what_hand_has_asked_to_be_signed_is_not_closed_once_it_is(
    unsigned: Ticket, cast: Cast, clock: FakeClock
) -> None:
    links, number = tokens(unsigned.id), unsigned.id
    tickets.act(number, "record_answer", cast.sam, {"message": "They sign today."})
    tickets.act(number, "take", cast.joan)
    asked = {"message": "The signatures are missing.", "signatures": True}
    tickets.act(number, "ask_for_more", cast.joan, asked)
    signing.sign(links["user"], "Ann Lee")
    assert state_of(number) == "waiting"
    signing.sign(links["admin"], cast.admin.name)
    for _ in range(12):
        clock.pass_by(DAY)
        sweep()
    ticket = db.session.get_one(Ticket, number)
    assert ticket.state == "in_review"
    assert {("last_signed", cast.joan.person_id), ("all_signed", ticket.filer_id)} <= set(
        mails_of(ticket)
    )


@pytest.mark.parametrize("more", [{}, {"papers": [RECERTIFICATION_WORKSHEET]}], ids=str)
def test_the_last_signature_answers_no_question_of_hand(
    more: dict[str, Any], unsigned: Ticket, cast: Cast
) -> None:
    links, number = tokens(unsigned.id), unsigned.id
    tickets.act(number, "record_answer", cast.sam, {"message": "They sign today."})
    tickets.act(number, "take", cast.joan)
    tickets.act(number, "ask_for_more", cast.joan, {"message": "Is she on leave?", **more})
    signing.sign(links["user"], "Ann Lee")
    signing.sign(links["admin"], cast.admin.name)
    assert state_of(number) == "waiting"
    ticket = db.session.get_one(Ticket, number)
    told = mails_of(ticket)
    assert ("signed_meanwhile", cast.joan.person_id) in told
    assert not {name for name, _to in told} & {"last_signed", "all_signed"}
    asked = last_of(db.session(), number, ASKS)
    assert asked is not None
    assert asked.data["message"] == "Is she on leave?"
