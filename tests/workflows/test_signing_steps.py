"""A request is filed while others have still to sign, and goes to HAND when they have."""

from typing import Any

import pytest

from tests.workflows.fitting import filed, filing
from tests.workflows.making import ticket_attempt
from workflows.asked import Asked
from workflows.checking import Check, Judged, Verdict
from workflows.effects import Link, Mail, Recipient
from workflows.engine import Attempt, Party, Refused
from workflows.facts import TicketFacts
from workflows.papers import NEW_USER_WORKSHEET
from workflows.registry import ticket_type
from workflows.signing_steps import MOST_SENT

FLOW = ticket_type("new_user_license").workflow
LINKS = Mail("sign", Recipient.SIGNERS, Link.SIGN)
NAMED = {"message": "Still to sign: Ed Moss."}
ED = Asked("director", "Ed Moss", "ed@harbor.example", sent=1)
SENTENCE = (
    "Ed Moss has not signed as the executive director yet: the link went to ed@harbor.example."
)


def attempt(
    *by: Party, data: dict[str, Any] | None = None, at: Any = filed, **facts: Any
) -> Attempt[TicketFacts]:
    return ticket_attempt(*by, data=data, **at(FLOW.name, **facts))


def refused(state: str, trigger: str, tried: Attempt[TicketFacts]) -> str:
    with pytest.raises(Refused) as error:
        FLOW.fire(state, trigger, tried)
    return str(error.value)


def test_it_is_filed_and_waits_for_those_who_have_to_sign() -> None:
    tried = attempt(Party.AGENCY, data=NAMED, at=filing, asked_to_sign=(ED,))
    move = FLOW.fire("new", "submit_unsigned", tried)
    assert move.dest == "waiting"
    assert LINKS in move.step.effects
    assert Mail("received", Recipient.FILER) in move.step.effects


def test_it_is_filed_so_by_the_same_people_under_the_same_rules() -> None:
    steps = {step.trigger: step for step in FLOW.steps}
    submit, unsigned = steps["submit"], steps["submit_unsigned"]
    assert unsigned.who == submit.who
    assert set(submit.guards) < set(unsigned.guards)
    tried = attempt(Party.AGENCY, data=NAMED, at=filing)
    assert "Nobody is asked to sign" in refused("new", "submit_unsigned", tried)


def test_the_last_signature_gives_it_to_hand() -> None:
    waits = attempt(Party.SYSTEM, awaits_signatures=True)
    assert FLOW.fire("waiting", "all_signed", waits).dest == "submitted"
    early = attempt(Party.SYSTEM, awaits_signatures=True, asked_to_sign=(ED,))
    assert refused("waiting", "all_signed", early) == SENTENCE
    asked_more = attempt(Party.SYSTEM)
    assert "more than signatures" in refused("waiting", "all_signed", asked_more)


def test_where_hand_has_asked_for_signatures_the_last_one_brings_the_request_back() -> None:
    alone = attempt(Party.SYSTEM, asked_for_signatures=True)
    move = FLOW.fire("waiting", "last_signed", alone)
    assert move.dest == "in_review"
    assert Mail("last_signed", Recipient.ASSIGNEE) in move.step.effects
    early = attempt(Party.SYSTEM, asked_for_signatures=True, asked_to_sign=(ED,))
    assert refused("waiting", "last_signed", early) == SENTENCE


def test_where_hand_has_asked_for_more_it_waits_on_and_hand_is_told() -> None:
    more = attempt(Party.SYSTEM)
    assert "HAND has asked for more" in refused("waiting", "last_signed", more)
    move = FLOW.fire("waiting", "signed_meanwhile", more)
    assert move.dest == "waiting"
    assert move.step.effects == (Mail("signed_meanwhile", Recipient.ASSIGNEE),)
    early = attempt(Party.SYSTEM, asked_to_sign=(ED,))
    assert refused("waiting", "signed_meanwhile", early) == SENTENCE


def test_a_worksheet_that_is_waited_for_is_no_message() -> None:
    tried = attempt(Party.AGENCY, data={"message": "Here.", "kinds": [NEW_USER_WORKSHEET]})
    assert refused("waiting", "write", tried) == "Send the worksheet as your answer."
    assert FLOW.fire("in_review", "write", tried).dest == "in_review"


def test_who_signed_a_page_has_it_attached_to_a_message_too() -> None:
    said = {"message": "Ed signed.", "on_page": ["director"]}
    for state in ("waiting", "in_review"):
        tried = attempt(Party.AGENCY, data=said, asked_to_sign=(ED,))
        assert refused(state, "write", tried) == "Attach the page that they signed."


def test_while_somebody_has_not_signed_it_is_not_approved() -> None:
    tried = attempt(Party.STAFF, asked_to_sign=(ED,))
    assert SENTENCE in refused("in_review", "approve", tried)


def test_whatever_is_read_of_the_worksheet_by_now() -> None:
    """Of one that is plainly somebody else's nothing else is told."""
    other = Check("person", "It is theirs.", Verdict.LOOK, "This worksheet is Nia Brandt’s.")
    for worksheets in ((), (Judged(NEW_USER_WORKSHEET, 1, (other,)),)):
        tried = attempt(Party.STAFF, asked_to_sign=(ED,), worksheets=worksheets)
        assert SENTENCE in refused("in_review", "approve", tried)


def test_only_who_opened_the_link_signs() -> None:
    for party in set(Party) - {Party.SIGNER}:
        assert "is for whoever opens a link to sign" in refused("waiting", "sign", attempt(party))
    assert FLOW.fire("waiting", "sign", attempt(Party.SIGNER)).dest == "waiting"
    assert FLOW.fire("in_review", "sign", attempt(Party.SIGNER)).dest == "in_review"


def test_who_does_not_sign_says_why() -> None:
    tried = attempt(Party.SIGNER, data={"message": " "})
    assert refused("waiting", "decline_to_sign", tried) == "Say why you can’t sign."


def test_one_who_has_not_signed_is_asked_again_but_not_for_ever() -> None:
    again = attempt(Party.AGENCY, data={"who": "director"}, asked_to_sign=(ED,))
    assert LINKS in FLOW.fire("waiting", "ask_to_sign", again).step.effects
    nobody = attempt(Party.AGENCY, data={"who": "user"}, asked_to_sign=(ED,))
    assert refused("waiting", "ask_to_sign", nobody) == "Choose who is asked again."
    often = (Asked("director", "Ed Moss", "ed@harbor.example", sent=MOST_SENT),)
    tried = attempt(Party.AGENCY, data={"who": "director"}, asked_to_sign=often)
    assert "10 links were mailed for this signature" in refused("waiting", "ask_to_sign", tried)
