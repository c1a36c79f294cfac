"""What each type asks of its own: reasons and days of return, work addresses, lookalikes."""

from datetime import date
from typing import Any

import pytest

from tests.workflows.fitting import filed, filing
from tests.workflows.making import ticket_attempt
from workflows.effects import AccountAction, Action, Effect, Link, Mail, Recipient
from workflows.engine import Party, Reason, Refused
from workflows.registry import ticket_type

NEW_USER, REACTIVATE = "new_user_license", "reactivate_license"

FINISHED: dict[str, tuple[Action, Link | None, int]] = {
    "new_user_license": (Action.CREATE, Link.SET_PASSWORD, 3),
    "request_new_password": (Action.UNLOCK, Link.SET_PASSWORD, 1),
    "reactivate_license": (Action.REACTIVATE, None, 2),
    "recertification": (Action.EXTEND, None, 2),
}
"""The account action, the link that only the licensee is sent, and the target in days."""


def refusals(name: str, **fields: Any) -> tuple[Reason, ...]:
    attempt = ticket_attempt(**filing(name, fields=fields))
    try:
        ticket_type(name).workflow.fire("new", "submit", attempt)
    except Refused as refused:
        return refused.reasons
    return ()


@pytest.mark.parametrize("name", FINISHED)
def test_each_type_changes_the_account_and_tells_both_as_the_rules_say(name: str) -> None:
    action, link, days = FINISHED[name]
    kind = ticket_type(name)
    effects: dict[str, tuple[Effect, ...]] = {s.trigger: s.effects for s in kind.workflow.steps}
    assert effects["approve"][-1] == AccountAction(action)
    assert effects.get("override", effects["approve"])[-1] == AccountAction(action)
    assert effects["provisioned"] == (
        Mail("completed", Recipient.LICENSEE, link), Mail("completed", Recipient.FILER),
    )  # fmt: skip
    assert kind.target_days == days


@pytest.mark.parametrize("name", FINISHED)
def test_no_other_mail_carries_a_link(name: str) -> None:
    links = [(s.trigger, e.to) for s in ticket_type(name).workflow.steps for e in s.effects
             if isinstance(e, Mail) and e.link not in {None, Link.SIGN}]  # fmt: skip
    assert links in ([], [("provisioned", Recipient.LICENSEE)])


@pytest.mark.parametrize(
    ("fields", "sentence", "field"),
    [
        ({"reason": None}, "Choose the reason.", "reason"),
        ({"reason": ""}, "Choose the reason.", "reason"),
        ({"reason": "holiday"}, "Choose the reason.", "reason"),
        ({"returned_on": None}, "Say when they came back.", "returned_on"),
        ({"returned_on": ""}, "Say when they came back.", "returned_on"),
        ({"returned_on": "2026-11-24"},
         "That day is yet to come. File this when they are back, so that they can log in.",
         "returned_on"),
        ({"returned_on": "2026-11-23"}, None, None),
        ({"returned_on": "2024-02-29"}, None, None),
        ({"reason": "no_log_in", "returned_on": None}, None, None),
        ({"reason": "no_log_in", "returned_on": "2027-01-01"}, None, None),
    ],
)  # fmt: skip
def test_a_reactivation_needs_its_reason_and_after_a_leave_the_day_of_return(
    fields: dict[str, Any], sentence: str | None, field: str | None
) -> None:
    expected = () if sentence is None else (Reason(sentence, field=field),)
    assert refusals(REACTIVATE, **fields) == expected


@pytest.mark.parametrize(
    ("field", "told", "sentence"),
    [
        ("access_level", None, "Choose what the person may do."),
        ("access_level", "", "Choose what the person may do."),
        ("access_level", "root", "Choose what the person may do."),
        ("provider", None, "Name the project the person works for."),
        ("provider", " \n", "Name the project the person works for."),
        ("provider", 7, "Name the project the person works for."),
    ],
)
def test_a_new_license_needs_a_level_and_a_project(
    field: str, told: object, sentence: str
) -> None:
    assert Reason(sentence, field=field) in refusals(NEW_USER, **{field: told})


@pytest.mark.parametrize(
    "address",
    ["ann@gmail.com", "Ann@GMail.com", "ann.lee+hmis@yahoo.com", "ann@outlook.com ",
     "ann@HOTMAIL.COM", "ann@icloud.com", "ann@aol.com", "ann@proton.me", "ann@comcast.net",
     "ann@msn.com", "ann@live.com", "a@b@gmail.com"],
)  # fmt: skip
def test_a_personal_address_is_refused_at_its_input(address: str) -> None:
    assert refusals(NEW_USER, email=address) == (
        Reason(f"{address} is a personal address. A license needs the person’s work email.",
               field="email"),
    )  # fmt: skip


@pytest.mark.parametrize(
    "address",
    ["ann@harbor.example", "ann@mail.harbor.example", "gmail.com@harbor.example",
     "ann@gmail.com.example", "ann@notgmail.com", "ann@detroitmi.gov", "", None],
)  # fmt: skip
def test_a_work_address_is_taken_and_so_is_none_where_it_is_on_file(address: str | None) -> None:
    assert refusals(NEW_USER, email=address) == ()


OTHERS = ("Ann Lee (Shelter House, active)", "A. Lee (no agency, deleted)")


@pytest.mark.parametrize("ticked", [False, None, ""])
def test_a_lookalike_stops_the_approval_until_staff_say_it_is_another_person(
    ticked: object,
) -> None:
    workflow = ticket_type(NEW_USER).workflow
    facts = filed(NEW_USER, lookalikes=OTHERS)
    with pytest.raises(Refused) as refused:
        workflow.fire("in_review", "approve", ticket_attempt(data={"another_person": ticked},
                                                             **facts))  # fmt: skip
    assert refused.value.reasons == (
        Reason(f"The same email is on file for {OTHERS[0]} and {OTHERS[1]}. "
               "Is it the same person?"),
    )  # fmt: skip
    told = ticket_attempt(data={"another_person": True}, **facts)
    assert workflow.fire("in_review", "approve", told).dest == "approved"


def test_the_agency_that_files_hears_nothing_of_a_lookalike() -> None:
    attempt = ticket_attempt(Party.AGENCY, **filing(NEW_USER, lookalikes=OTHERS))
    assert ticket_type(NEW_USER).workflow.fire("new", "submit", attempt).dest == "submitted"


@pytest.mark.parametrize("state", ["absent", "not_issued", "deleted", "active", "locked"])
def test_a_license_that_is_no_longer_asked_for_is_not_created(state: str) -> None:
    attempt = ticket_attempt(Party.SYSTEM, **filed(NEW_USER, license_state=state))
    with pytest.raises(Refused):
        ticket_type(NEW_USER).workflow.fire("approved", "setup_started", attempt)


def test_everything_that_is_wrong_is_said_at_once() -> None:
    facts: dict[str, Any] = filing(NEW_USER, license_state="active", documents=())
    facts["fields"] = {"email": "ann@gmail.com"}
    with pytest.raises(Refused) as refused:
        ticket_type(NEW_USER).workflow.fire("new", "submit", ticket_attempt(**facts))
    fields = [reason.field for reason in refused.value.reasons]
    assert fields == [
        None, "email", "access_level", "provider", "document-new_user_worksheet",
        "document-user_agreement", "document-code_of_ethics", "course_basic_privacy",
        "course_policy_procedure", "course_informed_consent",
    ]  # fmt: skip


def test_days_are_judged_by_the_desks_own_day() -> None:
    facts = filing(REACTIVATE, today=date(2026, 11, 19))
    with pytest.raises(Refused, match="yet to come"):
        ticket_type(REACTIVATE).workflow.fire("new", "submit", ticket_attempt(**facts))
