"""Request New Password: who may file it about whom, and who may approve it."""

import pytest

from tests.workflows.making import ANN, DANA, SAM, ticket_attempt
from workflows.effects import AccountAction, Action, Link, Mail, Recipient
from workflows.engine import Party, Reason, Refused
from workflows.guards import LABELS, NEW_PASSWORD
from workflows.license import STATES
from workflows.registry import ticket_type

TYPE = ticket_type("request_new_password")
FLOW = TYPE.workflow

LEADS_ELSEWHERE: dict[str, tuple[str, str | None]] = {
    "absent": ("Ann Lee has no license yet.", "new_user_license"),
    "not_issued": ("Ann Lee was never given a license.", "new_user_license"),
    "deleted": ("Ann Lee had a license that has been deleted.", "new_user_license"),
    "requested": ("Ann Lee has a license that is still being made.", None),
    "inactive": ("Ann Lee has an inactive license.", "reactivate_license"),
    "expired": ("Ann Lee has a license that has expired.", "recertification"),
    "suspended": ("Ann Lee has a suspended license. Please call HAND about it.", None),
}
FITTING = ("active", "locked")
FILERS = (Party.AGENCY, Party.LICENSEE, Party.STAFF)
CHECKED = {"identity_checked": True}


def reasons(state: str, trigger: str, *by: Party, **more: object) -> tuple[Reason, ...]:
    with pytest.raises(Refused) as refused:
        FLOW.fire(state, trigger, ticket_attempt(*by, **more))  # type: ignore[arg-type]
    return refused.value.reasons


def test_the_table_of_licenses_names_every_state_there_is() -> None:
    assert {*LEADS_ELSEWHERE, *FITTING} == {state.name for state in STATES}


@pytest.mark.parametrize("state", FITTING)
@pytest.mark.parametrize("party", FILERS)
def test_it_is_filed_for_a_license_that_is_locked_or_active(party: Party, state: str) -> None:
    attempt = ticket_attempt(party, license_state=state)
    assert FLOW.fire("new", "submit", attempt).dest == "submitted"


@pytest.mark.parametrize("state", LEADS_ELSEWHERE)
@pytest.mark.parametrize("party", FILERS)
def test_for_any_other_license_it_says_why_not_and_what_to_file_instead(
    party: Party, state: str
) -> None:
    sentence, instead = LEADS_ELSEWHERE[state]
    assert reasons("new", "submit", party, license_state=state) == (Reason(sentence, instead),)


@pytest.mark.parametrize("state", [*FITTING, *LEADS_ELSEWHERE])
@pytest.mark.parametrize("party", [Party.SYSTEM, Party.MANAGER])
def test_nobody_else_files_it_whatever_the_license(party: Party, state: str) -> None:
    assert reasons("new", "submit", party, license_state=state) == (
        Reason("“Send request to HAND” is for HAND staff or the agency’s admin or the licensee."),
    )


@pytest.mark.parametrize("state", LEADS_ELSEWHERE)
def test_what_speaks_against_the_license_is_known_before_the_form_is_filled_in(state: str) -> None:
    attempt = ticket_attempt(Party.AGENCY, license_state=state, fields={})
    submit = next(o for o in FLOW.options("new", attempt) if o.step.trigger == "submit")
    assert submit.reasons == (Reason(*LEADS_ELSEWHERE[state]),)


@pytest.mark.parametrize("identity", ["link", "self", "agency", "staff"])
def test_the_one_who_files_has_said_how_they_know_the_licensee(identity: str) -> None:
    attempt = ticket_attempt(Party.AGENCY, fields={"identity": identity})
    assert FLOW.fire("new", "submit", attempt).dest == "submitted"


@pytest.mark.parametrize("fields", [{}, {"identity": ""}, {"identity": "hearsay"}])
def test_without_that_it_is_not_filed(fields: dict[str, str]) -> None:
    assert reasons("new", "submit", Party.AGENCY, fields=fields) == (
        Reason("Say how you know that it is the licensee who asks."),
    )


def test_both_things_that_are_wrong_are_said_at_once() -> None:
    found = reasons("new", "submit", Party.AGENCY, license_state="expired", fields={})
    assert found == (
        Reason("Ann Lee has a license that has expired.", "recertification"),
        Reason("Say how you know that it is the licensee who asks."),
    )


def test_staff_who_neither_filed_it_nor_are_the_licensee_approve_it() -> None:
    move = FLOW.fire("in_review", "approve", ticket_attempt(data=CHECKED))
    assert move.dest == "approved"


def test_nobody_approves_what_they_filed_and_is_told_who_else_can() -> None:
    found = reasons("in_review", "approve", actor_id=DANA, data=CHECKED)
    assert found == (
        Reason("You filed this request. Somebody else has to approve it: Joan Abara."),
    )


def test_nor_does_the_one_who_entered_it_on_behalf_of_another() -> None:
    entered = frozenset({DANA, SAM})
    (reason,) = reasons("in_review", "approve", filer_ids=entered, data=CHECKED)
    assert reason.sentence.startswith("You filed this request.")


def test_nobody_approves_a_request_about_themselves() -> None:
    others = ("Joan Abara", "Morgan Hale")
    found = reasons("in_review", "approve", actor_id=ANN, approvers=others, data=CHECKED)
    assert found == (
        Reason(
            "This request is about you. Somebody else has to approve it: Joan Abara, Morgan Hale."
        ),
    )


def test_where_nobody_else_can_approve_the_desk_says_so() -> None:
    (reason,) = reasons("in_review", "approve", actor_id=DANA, approvers=(), data=CHECKED)
    assert reason.sentence.endswith("nobody else can at the moment.")


@pytest.mark.parametrize("party", [Party.MANAGER, Party.SYSTEM])
def test_not_even_a_manager_or_the_desk_itself_is_above_four_eyes(party: Party) -> None:
    about_me = {"actor_id": ANN, "data": CHECKED}
    assert reasons("in_review", "approve", party, Party.STAFF, **about_me)


@pytest.mark.parametrize("party", [Party.AGENCY, Party.LICENSEE, Party.SYSTEM, Party.MANAGER])
def test_only_staff_approve(party: Party) -> None:
    assert reasons("in_review", "approve", party, data=CHECKED) == (
        Reason("“Approve” is for HAND staff."),
    )


@pytest.mark.parametrize("data", [{}, {"identity_checked": False}, {"identity_checked": ""}])
def test_without_a_proved_address_staff_check_the_person_first(data: dict[str, object]) -> None:
    assert reasons("in_review", "approve", data=data) == (
        Reason("Check the person against the address on file first."),
    )


def test_whoever_came_by_the_mailed_link_has_proved_the_address() -> None:
    attempt = ticket_attempt(fields={"identity": "link"}, data={})
    assert FLOW.fire("in_review", "approve", attempt).dest == "approved"


@pytest.mark.parametrize("state", LEADS_ELSEWHERE)
def test_the_license_is_judged_again_on_approval(state: str) -> None:
    sentence, instead = LEADS_ELSEWHERE[state]
    found = reasons("in_review", "approve", license_state=state, data=CHECKED)
    assert found == (Reason(sentence, instead),)


@pytest.mark.parametrize("state", LEADS_ELSEWHERE)
def test_and_once_more_right_before_the_account_is_changed(state: str) -> None:
    sentence, instead = LEADS_ELSEWHERE[state]
    found = reasons("approved", "setup_started", Party.SYSTEM, license_state=state)
    assert found == (Reason(sentence, instead),)


def test_approving_owes_the_mails_and_the_account_action() -> None:
    move = FLOW.fire("in_review", "approve", ticket_attempt(data=CHECKED))
    assert move.step.effects == (
        Mail("approved", Recipient.LICENSEE),
        Mail("approved", Recipient.FILER),
        AccountAction(Action.UNLOCK),
    )


def test_only_the_licensee_is_sent_the_link_and_only_when_the_account_is_ready() -> None:
    links = [(s.trigger, e) for s in FLOW.steps for e in s.effects
             if isinstance(e, Mail) and e.link is not None]  # fmt: skip
    assert links == [
        ("provisioned", Mail("completed", Recipient.LICENSEE, Link.SET_PASSWORD)),
    ]


def test_it_is_called_what_hand_calls_it_and_wanted_within_a_day() -> None:
    assert (TYPE.name, TYPE.label, TYPE.target_days) == (
        NEW_PASSWORD, LABELS[NEW_PASSWORD], 1,
    )  # fmt: skip
    assert TYPE.label == "Request New Password"
