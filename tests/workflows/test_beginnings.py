"""How tickets of every type begin, and the steps that only some of HAND may take."""

from typing import Any

import pytest

from tests.workflows.fitting import FILERS, FITTING, filed, filing
from tests.workflows.making import ANN, DANA, ticket_attempt
from workflows.common import TicketWorkflow
from workflows.effects import AccountAction, LicenseStep
from workflows.engine import Party, Reason, Refused
from workflows.facts import Seats
from workflows.registry import ticket_types

FLOWS = [kind.workflow for kind in ticket_types().values()]
TEXT = {"message": "Please confirm the spelling."}
BEGINNINGS = {"submit", "take_in", "take_in_unfinished"}
BY_LINK = {"new_user_license", "recertification"}
"""The types that begin, too, while others have still to sign."""

DROPPING = {"reject", "withdraw", "close_no_response", "convert"}
FULL = Seats("Harbor House", limit=3, others=3)
STRAIGHT = {"recertification", "request_new_password"}
"""The types of which the desk itself may approve some, by a rule."""

LETS_GO = {"new_user_license"}
"""The types whose filing asks for a license, and whose ends without one let that request go."""

every_flow = pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)


@every_flow
def test_only_an_approval_of_any_kind_owes_the_account_action(flow: TicketWorkflow) -> None:
    owing = [s.trigger for s in flow.steps for e in s.effects if isinstance(e, AccountAction)]
    by_rule = ["approve_by_rule"] if flow.name in STRAIGHT else []
    assert owing == ["approve", "override", *by_rule]


@every_flow
def test_a_request_for_a_license_is_made_on_filing_and_let_go_at_every_end_without_one(
    flow: TicketWorkflow,
) -> None:
    steps = {(s.trigger, e.trigger) for s in flow.steps for e in s.effects
             if isinstance(e, LicenseStep)}  # fmt: skip
    expected = {(trigger, "request") for trigger in {*BEGINNINGS, "submit_unsigned"}} | {
        (trigger, "refuse") for trigger in DROPPING
    }
    assert steps == (expected if flow.name in LETS_GO else set())


@every_flow
def test_each_type_is_filed_by_those_the_rules_name_and_taken_in_by_staff(
    flow: TicketWorkflow,
) -> None:
    assert set(FILERS) == set(FITTING) == {each.name for each in FLOWS}
    who = {step.trigger: step.who for step in flow.steps if step.trigger in BEGINNINGS}
    assert who == {
        "submit": FILERS[flow.name],
        "take_in": {Party.STAFF},
        "take_in_unfinished": {Party.STAFF},
    }


@every_flow
def test_a_request_that_fits_is_filed_or_taken_in(flow: TicketWorkflow) -> None:
    facts = ticket_attempt(**filing(flow.name))
    assert flow.fire("new", "submit", facts).dest == "submitted"
    assert flow.fire("new", "take_in", facts).dest == "in_review"


@every_flow
def test_one_that_lacks_something_is_taken_in_to_wait_on_the_agency_which_is_told_what(
    flow: TicketWorkflow,
) -> None:
    bare = filing(flow.name) | {"fields": {}, "documents": ()}
    with pytest.raises(Refused) as refused:
        flow.fire("new", "take_in", ticket_attempt(**bare))
    assert refused.value.reasons
    with pytest.raises(Refused) as refused:
        flow.fire("new", "take_in_unfinished", ticket_attempt(**bare))
    assert refused.value.reasons == (Reason("Name what is missing."),)
    told = ticket_attempt(data=TEXT, **bare)
    assert flow.fire("new", "take_in_unfinished", told).dest == "waiting"


@every_flow
@pytest.mark.parametrize("trigger", sorted(BEGINNINGS))
def test_however_it_begins_the_license_is_judged(flow: TicketWorkflow, trigger: str) -> None:
    facts = filing(flow.name, license_state="suspended")
    with pytest.raises(Refused) as refused:
        flow.fire("new", trigger, ticket_attempt(data=TEXT, **facts))
    words = "Ann Lee has a suspended license. Please call HAND about it."
    assert refused.value.reasons == (Reason(words),)


@every_flow
def test_whose_account_cannot_be_found_is_said_on_filing_and_again_before_the_account_is_changed(
    flow: TicketWorkflow,
) -> None:
    words = (
        "Ann Lee’s username is not on file, so the account cannot be found. "
        "A HAND manager can add it on the person’s page, under Manage."
    )
    for state, trigger, party in (
        ("new", "submit", Party.STAFF), ("new", "take_in", Party.STAFF),
        ("new", "take_in_unfinished", Party.STAFF), ("in_review", "approve", Party.STAFF),
        ("approved", "setup_started", Party.SYSTEM),
    ):  # fmt: skip
        facts = (filing if state == "new" else filed)(flow.name, has_username=False)
        attempt = ticket_attempt(party, data=TEXT, **facts)
        if flow.name == "new_user_license":
            assert flow.fire(state, trigger, attempt).dest != state  # it is given one
            continue
        with pytest.raises(Refused) as refused:
            flow.fire(state, trigger, attempt)
        assert refused.value.reasons == (Reason(words),)


@every_flow
def test_an_answer_brings_the_papers_that_were_asked_for_or_says_why_not(
    flow: TicketWorkflow,
) -> None:
    facts = filed(flow.name, asked_for=("user_agreement", "code_of_ethics"))

    def answer(**data: Any) -> Any:
        return flow.fire("waiting", "answer", ticket_attempt(Party.AGENCY, data=data, **facts))

    with pytest.raises(Refused) as refused:
        answer(message="Here.", kinds=["code_of_ethics"])
    assert refused.value.reasons == (
        Reason("HAND asked for the User Agreement, and it is not attached.",
               field="document-user_agreement"),
    )  # fmt: skip
    assert answer(message="Here.", kinds=["agreement_and_ethics"]).dest == "in_review"
    assert answer(message="She signs on Monday.", without=True).dest == "in_review"
    with pytest.raises(Refused, match="Write your answer"):
        answer(without=True)


@every_flow
def test_a_manager_overrides_with_a_reason_but_neither_four_eyes_nor_the_license(
    flow: TicketWorkflow,
) -> None:
    bare = filed(flow.name) | {"fields": {}, "documents": (), "seats": FULL}
    sound = filed(flow.name)
    if flow.name != "request_new_password":
        sound |= {"data": TEXT}
        with pytest.raises(Refused) as needless:
            flow.fire("in_review", "override", ticket_attempt(Party.MANAGER, **sound))
        (reason,) = needless.value.reasons
        assert reason.sentence.startswith("Nothing speaks against approving it")

    def fire(**more: Any) -> Any:
        return flow.fire("in_review", "override", ticket_attempt(Party.MANAGER, **bare | more))

    assert fire(data=TEXT).dest == "approved"
    refused: list[tuple[dict[str, Any], str]] = [
        ({"data": {"message": "  "}}, "Say why it is approved anyway."),
        ({"data": TEXT, "actor_id": DANA}, "You filed this request."),
        ({"data": TEXT, "actor_id": ANN}, "This request is about you."),
        ({"data": TEXT, "license_state": "suspended"}, "Ann Lee has a suspended license."),
    ]
    for more, sentence in refused:
        with pytest.raises(Refused) as no:
            fire(**more)
        (reason,) = no.value.reasons
        assert reason.sentence.startswith(sentence)


@every_flow
@pytest.mark.parametrize("data", [{}, {"to": ""}, {"to": 3}])
def test_changing_the_type_needs_the_right_one(flow: TicketWorkflow, data: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refused:
        flow.fire("in_review", "convert", ticket_attempt(data=data))
    assert refused.value.reasons == (Reason("Choose the right type."),)
