"""The common way of every ticket: which step leads where, for whom, with what on the form."""

from typing import Any

import pytest

from tests.workflows.fitting import filed, filing
from tests.workflows.making import DANA, SAM, ticket_attempt
from workflows.common import REJECTION_CODES, STATES, TicketWorkflow
from workflows.effects import Mail, Recipient
from workflows.engine import Mark, Needs, Party, Reason, Refused, Undeclared
from workflows.registry import ticket_types

FLOWS = [kind.workflow for kind in ticket_types().values()]
BOTH = (Recipient.LICENSEE, Recipient.FILER)
TEXT = {"message": "Please confirm the spelling."}
WHY = {"code": "duplicate", "message": "It repeats HD-1002."}
TO = {"to": "recertification"}
ANYTHING = {**WHY, **TO, "assignee": 9}
OPEN = ("submitted", "in_review", "waiting", "approved", "being_set_up")
ENDED = ("completed", "rejected", "withdrawn", "closed_no_response", "converted")

Row = tuple[str, str, str, Party, dict[str, Any]]
WAYS: list[Row] = [
    ("submitted", "take", "in_review", Party.STAFF, {}),
    ("submitted", "convert", "converted", Party.STAFF, TO),
    ("submitted", "withdraw", "withdrawn", Party.AGENCY, {}),
    ("submitted", "withdraw", "withdrawn", Party.LICENSEE, {}),
    ("in_review", "take", "in_review", Party.STAFF, {}),
    ("in_review", "ask_for_more", "waiting", Party.STAFF, TEXT),
    ("in_review", "reject", "rejected", Party.STAFF, WHY),
    ("in_review", "convert", "converted", Party.STAFF, TO),
    ("in_review", "hand_over", "in_review", Party.STAFF, {"assignee": 9}),
    ("in_review", "withdraw", "withdrawn", Party.AGENCY, {}),
    ("waiting", "take", "waiting", Party.STAFF, {}),
    ("waiting", "answer", "in_review", Party.AGENCY, TEXT),
    ("waiting", "answer", "in_review", Party.LICENSEE, TEXT),
    ("waiting", "record_answer", "in_review", Party.STAFF, TEXT),
    ("waiting", "reject", "rejected", Party.STAFF, WHY),
    ("waiting", "convert", "converted", Party.STAFF, TO),
    ("waiting", "hand_over", "waiting", Party.STAFF, {"assignee": 9}),
    ("waiting", "withdraw", "withdrawn", Party.LICENSEE, {}),
    ("waiting", "remind", "waiting", Party.SYSTEM, {"asked": "Which site?"}),
    ("waiting", "close_no_response", "closed_no_response", Party.SYSTEM, TEXT),
    ("approved", "hand_over", "approved", Party.STAFF, {"assignee": 9}),
    ("approved", "setup_started", "being_set_up", Party.SYSTEM, {}),
    ("approved", "provisioning_failed", "approved", Party.SYSTEM, {}),
    ("being_set_up", "hand_to_staff", "being_set_up", Party.SYSTEM, {}),
    ("being_set_up", "provisioned", "completed", Party.SYSTEM, {}),
    ("being_set_up", "provisioning_failed", "approved", Party.SYSTEM, {}),
    *((state, "comment", state, Party.STAFF, TEXT) for state in OPEN),
    *((state, "write", state, Party.AGENCY, TEXT) for state in OPEN),
    *((state, "write", state, Party.LICENSEE, TEXT) for state in OPEN),
    *((state, "note", state, Party.STAFF, TEXT) for state in (*OPEN, *ENDED)),
    *((state, "documents_deleted", state, Party.SYSTEM, TEXT) for state in (*OPEN, *ENDED)),
]
STRAIGHT = {"recertification", "request_new_password"}
DATED = {"recertification", "new_user_license"}
BY_LINK = {"recertification", "new_user_license"}
"""The types whose worksheet can be signed by mailed links; see `test_signing_steps`."""

SIGNING = {("new", "submit_unsigned"), ("waiting", "all_signed"),
           ("waiting", "last_signed"), ("in_review", "last_signed"),
           ("waiting", "signed_meanwhile")} | {
    (state, trigger) for state in OPEN for trigger in ("sign", "decline_to_sign", "ask_to_sign")
}
DECLARED = {(state, trigger) for state, trigger, *_ in WAYS} | {
    ("new", "submit"), ("new", "take_in"), ("new", "take_in_unfinished"),
    ("in_review", "approve"), ("in_review", "override"), ("approved", "reject"),
}  # fmt: skip
TOLD = {
    "submit": [Mail("received", to) for to in BOTH],
    "take_in": [Mail("converted", to) for to in BOTH],
    "take_in_unfinished": [Mail("converted", to) for to in BOTH],
    "approve": [Mail("approved", to) for to in BOTH],
    "override": [Mail("approved", to) for to in BOTH],
    "comment": [Mail("message", to) for to in BOTH],
    "write": [Mail("written", Recipient.ASSIGNEE)],
    "note": [],
    "documents_deleted": [],
    "convert": [],
    "ask_for_more": [Mail("needed", to) for to in BOTH],
    "answer": [Mail("answered", Recipient.ASSIGNEE)],
    "record_answer": [Mail("answered", Recipient.ASSIGNEE)],
    "reject": [Mail("rejected", to) for to in BOTH],
    "withdraw": [Mail("withdrawn", to) for to in BOTH],
    "remind": [Mail("reminder", to) for to in BOTH],
    "close_no_response": [Mail("closed_no_response", to) for to in BOTH],
    "take": [],
    "hand_over": [],
    "setup_started": [],
    "hand_to_staff": [],
    "provisioning_failed": [],
}

every_flow = pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)


@every_flow
@pytest.mark.parametrize(("state", "trigger", "dest", "party", "data"), WAYS)
def test_each_common_step_leads_where_the_rules_say(
    flow: TicketWorkflow, state: str, trigger: str, dest: str, party: Party, data: dict[str, Any]
) -> None:
    facts = {**filed(flow.name), "assignee_id": SAM + 1 if state != "submitted" else None}
    assert flow.fire(state, trigger, ticket_attempt(party, data=data, **facts)).dest == dest


@every_flow
def test_no_other_steps_are_declared(flow: TicketWorkflow) -> None:
    declared = {(state, step.trigger) for step in flow.steps for state in step.source}
    by_rule = {("submitted", "approve_by_rule")} if flow.name in STRAIGHT else set()
    dated = {("in_review", "take_over_dates")} if flow.name in DATED else set()
    signing = SIGNING if flow.name in BY_LINK else set()
    assert declared == DECLARED | by_rule | dated | signing


@every_flow
def test_whatever_is_not_in_the_table_is_undeclared_for_everybody(flow: TicketWorkflow) -> None:
    triggers = {trigger for _, trigger in DECLARED}
    for state in flow.states:
        for trigger in triggers:
            if (state, trigger) in DECLARED:
                continue
            with pytest.raises(Undeclared):
                flow.fire(state, trigger, ticket_attempt(*Party, data=ANYTHING))


@every_flow
def test_each_step_is_for_the_parties_of_the_table_alone(flow: TicketWorkflow) -> None:
    allowed: dict[tuple[str, str], set[Party]] = {}
    for state, trigger, _dest, party, _data in WAYS:
        allowed.setdefault((state, trigger), set()).add(party)
    for place in ("submitted", "in_review", "waiting"):
        allowed[(place, "withdraw")] = {Party.AGENCY, Party.LICENSEE}
    for (state, trigger), parties in allowed.items():
        steps = [s for s in flow.steps if s.trigger == trigger and state in s.source]
        assert [step.who for step in steps] == [parties]


@every_flow
@pytest.mark.parametrize("trigger", TOLD)
def test_each_step_tells_whom_the_rules_say(flow: TicketWorkflow, trigger: str) -> None:
    for step in flow.steps:
        if step.trigger == trigger:
            mails = [effect for effect in step.effects if isinstance(effect, Mail)]
            assert [mail for mail in mails if mail.to is not Recipient.SIGNERS] == TOLD[trigger]


@every_flow
@pytest.mark.parametrize("message", [None, "", "   ", "\n\t", 7])
@pytest.mark.parametrize(
    ("state", "trigger", "party", "sentence"),
    [
        ("in_review", "ask_for_more", Party.STAFF,
         "Say what is needed, so that the agency can mend it."),
        ("waiting", "answer", Party.AGENCY, "Write your answer."),
        ("in_review", "reject", Party.STAFF, "Say how it can be mended."),
        ("approved", "comment", Party.STAFF, "Write your message."),
        ("submitted", "write", Party.LICENSEE, "Write your message."),
        ("completed", "note", Party.STAFF, "Write your note."),
        ("waiting", "close_no_response", Party.SYSTEM, "Name what nobody has answered."),
    ],
)  # fmt: skip
def test_a_message_that_says_nothing_is_refused(
    flow: TicketWorkflow, state: str, trigger: str, party: Party, sentence: str, message: object
) -> None:
    data = {"code": "duplicate", "message": message}
    with pytest.raises(Refused) as refused:
        flow.fire(state, trigger, ticket_attempt(party, data=data, **filed(flow.name)))
    assert refused.value.reasons == (Reason(sentence),)


@every_flow
@pytest.mark.parametrize("code", [None, "", "because", "DUPLICATE", 3])
def test_a_rejection_needs_a_reason_from_the_list(flow: TicketWorkflow, code: object) -> None:
    with pytest.raises(Refused) as refused:
        flow.fire("in_review", "reject", ticket_attempt(data={**WHY, "code": code}))
    assert refused.value.reasons == (Reason("Choose why it is rejected."),)


def test_the_reasons_for_a_rejection_are_the_nine_of_the_rules() -> None:
    assert set(REJECTION_CODES) == {
        "missing_document", "unsigned", "wrong_form", "unauthorized", "courses", "duplicate",
        "personal_email", "unknown_person", "no_license",
    }  # fmt: skip


@every_flow
def test_an_approved_ticket_is_rejected_only_after_its_account_action_failed(
    flow: TicketWorkflow,
) -> None:
    with pytest.raises(Refused) as refused:
        flow.fire("approved", "reject", ticket_attempt(data=WHY))
    assert refused.value.reasons == (
        Reason("The account is being changed right now. Wait until that is done."),
    )
    failed = ticket_attempt(data=WHY, needs_attention=True)
    assert flow.fire("approved", "reject", failed).dest == "rejected"


@every_flow
@pytest.mark.parametrize("state", ["in_review", "waiting"])
def test_nobody_takes_over_what_is_theirs_already(flow: TicketWorkflow, state: str) -> None:
    with pytest.raises(Refused) as refused:
        flow.fire(state, "take", ticket_attempt(assignee_id=SAM))
    assert refused.value.reasons == (Reason("It is already yours."),)
    assert flow.fire(state, "take", ticket_attempt(assignee_id=None)).dest == state


@every_flow
@pytest.mark.parametrize(
    ("data", "sentence"),
    [({}, "Say who takes it over."), ({"assignee": SAM}, "That person already has it."),
     ({"assignee": DANA}, "Only HAND staff who can sign in may be given it.")],
)
def test_a_ticket_is_handed_to_somebody_new(
    flow: TicketWorkflow, data: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Refused) as refused:
        flow.fire("in_review", "hand_over", ticket_attempt(data=data))
    assert refused.value.reasons == (Reason(sentence),)


@every_flow
def test_steps_mark_the_ticket_as_the_rules_say(flow: TicketWorkflow) -> None:
    marks = {(s.trigger, s.source): s.marks for s in flow.steps if s.marks}
    dated = {("take_over_dates", ("in_review",)): {Mark.TAKE_DATES}} if flow.name in DATED else {}
    assert marks == dated | {
        ("take", ("submitted",)): {Mark.ASSIGN_ACTOR},
        ("take", ("in_review", "waiting")): {Mark.ASSIGN_ACTOR},
        ("answer", ("waiting",)): {Mark.AMEND},
        ("convert", ("submitted", "in_review", "waiting")): {Mark.CONVERT},
        ("hand_over", ("in_review", "waiting", "approved")): {Mark.ASSIGN_NAMED},
        ("reject", ("approved",)): {Mark.CLEAR_ATTENTION},
        ("setup_started", ("approved",)): {Mark.CLEAR_ATTENTION},
        ("hand_to_staff", ("being_set_up",)): {Mark.WAIT_FOR_STAFF},
        ("provisioning_failed", ("approved", "being_set_up")): {Mark.RAISE_ATTENTION},
    }


def test_every_state_says_whose_move_it_is_and_whether_the_clock_runs() -> None:
    assert {s.name: (s.label, s.needs, s.clock_runs, s.final) for s in STATES} == {
        "new": ("New", Needs.AGENCY, True, False),
        "submitted": ("Submitted", Needs.STAFF, True, False),
        "in_review": ("In Review", Needs.STAFF, True, False),
        "waiting": ("Waiting on Agency", Needs.AGENCY, False, False),
        "approved": ("Approved", Needs.SYSTEM, True, False),
        "being_set_up": ("Being Set Up", Needs.SYSTEM, True, False),
        "completed": ("Completed", Needs.NOBODY, False, True),
        "rejected": ("Rejected", Needs.NOBODY, False, True),
        "withdrawn": ("Withdrawn", Needs.NOBODY, False, True),
        "closed_no_response": ("Closed – no response", Needs.NOBODY, False, True),
        "converted": ("Converted", Needs.NOBODY, False, True),
    }


def test_every_state_but_the_first_tells_the_one_who_asked_what_goes_on() -> None:
    assert [state.name for state in STATES if not state.says] == ["new"]


@every_flow
def test_a_ticket_that_has_ended_has_no_way_on_and_takes_notes_of_hand_and_of_the_desk_only(
    flow: TicketWorkflow,
) -> None:
    ends = [state.name for state in flow.states.values() if state.final]
    assert tuple(ends) == ENDED
    for state in ends:
        options = flow.options(state, ticket_attempt(*Party))
        assert [(each.step.trigger, each.step.dest, each.step.effects) for each in options] == [
            ("note", None, ()), ("documents_deleted", None, ())]  # fmt: skip
        assert [each.step.who for each in options] == [{Party.STAFF}, {Party.SYSTEM}]


@every_flow
def test_the_whole_way_from_new_to_completed_with_a_question_in_between(
    flow: TicketWorkflow,
) -> None:
    way: list[tuple[str, Party, dict[str, Any], dict[str, Any]]] = [
        ("submit", Party.AGENCY, {}, {}),
        ("take", Party.STAFF, {}, {"assignee_id": None}),
        ("ask_for_more", Party.STAFF, TEXT, {}),
        ("answer", Party.AGENCY, TEXT, {}),
        ("approve", Party.STAFF, {}, {}),
        ("setup_started", Party.SYSTEM, {}, {}),
        ("provisioning_failed", Party.SYSTEM, {}, {}),
        ("setup_started", Party.SYSTEM, {}, {"needs_attention": True}),
        ("provisioned", Party.SYSTEM, {}, {}),
    ]
    state, seen = flow.initial, []
    for trigger, party, data, facts in way:
        fitting = filing(flow.name) if trigger == "submit" else filed(flow.name)
        attempt = ticket_attempt(party, data=data, **(fitting | facts))
        state = flow.fire(state, trigger, attempt).dest
        seen.append(state)
    assert seen == [
        "submitted", "in_review", "waiting", "in_review", "approved", "being_set_up", "approved",
        "being_set_up", "completed",
    ]  # fmt: skip
