"""Somebody says by their link that they can’t sign: who has the request is told, and goes on."""

import pytest

from helpdesk.extensions import db
from helpdesk.models.effect import Effect
from helpdesk.models.ticket import Ticket
from helpdesk.services import signing, tickets
from tests.factories import Cast
from tests.helpdesk.owed import mails_of
from tests.support.signatures import renewal, tokens

WHY = "The date of the second is wrong."


@pytest.fixture
def declined(cast: Cast) -> Ticket:
    """While HAND has the request, as they told HAND that they sign it."""
    number = renewal(cast).id
    tickets.act(number, "record_answer", cast.sam, {"message": "They sign today."})
    tickets.act(number, "take", cast.joan)
    signing.decline(tokens(number)["user"], WHY)
    return db.session.get_one(Ticket, number)


def test_who_has_the_request_is_told_that_somebody_can_not_sign(
    declined: Ticket, cast: Cast
) -> None:
    assert ("not_signed", cast.joan.person_id) in mails_of(declined)
    assert ("not_signed", declined.filer_id) in mails_of(declined)


def test_nobody_is_told_to_answer_what_hand_has(declined: Ticket) -> None:
    mails = [each.payload for each in db.session.query(Effect).order_by(Effect.id)]
    told = [each["says"] for each in mails if "ticket/not_signed" in each.get("folders", ())]
    assert [each["waits_on_agency"] for each in told] == [False, False]
