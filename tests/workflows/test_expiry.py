"""Until when a license is good: the table is worked out by hand from HAND's rule."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.workflows.fitting import filed, filing
from tests.workflows.making import ticket_attempt, ticket_facts
from workflows.dates import in_words, months_after
from workflows.engine import Reason, Refused
from workflows.facts import Rules
from workflows.registry import ticket_type
from workflows.requirements import gained_days

NEW_USER, RECERTIFY = "new_user_license", "recertification"
FROM_APPROVAL = Rules(from_courses=False)

Row = tuple[str, str, str, str | None, str]
WHEN: list[Row] = [
    # today, one course, the other, expires now, and then
    ("2026-11-23", "2026-09-15", "2026-10-01", "2026-12-01", "2027-09-15"),
    ("2026-11-23", "2026-10-01", "2026-09-15", "2026-12-01", "2027-09-15"),
    ("2026-11-23", "2026-11-23", "2026-11-23", "2026-12-01", "2027-11-23"),
    # leap days: Feb 29 and a year is Feb 28, and Feb 28 stays itself
    ("2024-03-05", "2024-02-29", "2024-03-01", "2024-03-10", "2025-02-28"),
    ("2024-03-05", "2024-02-28", "2024-03-01", "2024-03-10", "2025-02-28"),
    ("2028-03-05", "2028-02-29", "2028-02-29", "2028-03-10", "2029-02-28"),
    ("2027-03-05", "2027-02-28", "2027-03-01", "2027-03-10", "2028-02-28"),
    ("2024-02-29", "2023-03-01", "2024-02-29", None, "2024-03-01"),
    # late: it expired long ago, and still the courses decide
    ("2026-11-23", "2026-11-20", "2026-11-21", "2025-03-01", "2027-11-20"),
    ("2026-11-23", "2025-11-23", "2026-11-21", "2025-03-01", "2026-11-23"),
    # early: never earlier than what it has
    ("2026-11-23", "2025-12-01", "2026-11-01", "2027-01-15", "2027-01-15"),
    ("2026-11-23", "2026-01-15", "2026-11-01", "2027-01-15", "2027-01-15"),
    ("2026-11-23", "2026-01-16", "2026-11-01", "2027-01-15", "2027-01-16"),
    # nobody knows when it ends now
    ("2026-11-23", "2026-10-01", "2026-11-01", None, "2027-10-01"),
]


def until(name: str, **facts: Any) -> date:
    kind = ticket_type(name)
    assert kind.until is not None
    return kind.until(ticket_facts(**facts))


def day(iso: str | None) -> date | None:
    return date.fromisoformat(iso) if iso else None


@pytest.mark.parametrize(("today", "one", "other", "now", "then"), WHEN)
def test_a_recertified_license_ends_as_the_table_says(
    today: str, one: str, other: str, now: str | None, then: str
) -> None:
    courses = {"basic_privacy": one, "policy_procedure": other}
    facts = filed(RECERTIFY, today=day(today), expires_on=day(now), fields={"courses": courses})
    assert until(RECERTIFY, **facts) == day(then)


def test_a_new_license_ends_a_year_after_the_earliest_course_its_role_needs() -> None:
    courses = {"basic_privacy": "2026-10-01", "policy_procedure": "2026-09-15",
               "informed_consent": "2026-08-20", "intake": "2026-02-01"}  # fmt: skip
    fields = {"courses": courses, "access_level": "read_only"}
    assert until(NEW_USER, **filed(NEW_USER, fields=fields)) == date(2027, 8, 20)
    as_staff = fields | {"access_level": "agency_staff"}
    assert until(NEW_USER, **filed(NEW_USER, fields=as_staff)) == date(2027, 2, 1)


def test_what_a_deleted_license_had_left_is_not_given_to_a_new_one() -> None:
    facts = filed(NEW_USER, expires_on=date(2029, 1, 1))
    assert until(NEW_USER, **facts) == date(2027, 8, 20)


@pytest.mark.parametrize(
    ("today", "now", "then"),
    [
        ("2026-11-23", "2026-12-01", "2027-11-23"),
        ("2024-02-29", "2024-02-28", "2025-02-28"),
        ("2026-11-23", "2028-01-01", "2028-01-01"),
        ("2026-11-23", None, "2027-11-23"),
    ],
)
def test_a_site_can_count_from_the_day_of_approval(today: str, now: str | None, then: str) -> None:
    facts = filed(RECERTIFY, today=day(today), expires_on=day(now), rules=FROM_APPROVAL)
    assert until(RECERTIFY, **facts) == day(then)


@pytest.mark.parametrize("name", [NEW_USER, RECERTIFY])
def test_where_no_course_is_known_the_day_of_approval_counts(name: str) -> None:
    """A manager has approved it anyway."""
    facts = filed(name) | {"fields": {}}
    assert until(name, **facts) == date(2027, 11, 23)


@pytest.mark.parametrize("name", ["request_new_password", "reactivate_license"])
def test_the_other_requests_leave_the_expiry_alone(name: str) -> None:
    assert ticket_type(name).until is None


@pytest.mark.parametrize(
    ("now", "then", "days"),
    [
        ("2026-12-01", "2027-01-29", 59),
        ("2026-12-01", "2027-01-30", 60),
        ("2026-10-01", "2027-01-21", 59),
        (None, "2027-01-22", 60),
        ("2026-12-01", "2026-12-01", 0),
    ],
)
def test_what_is_gained_counts_from_the_present_end_or_from_today(
    now: str | None, then: str, days: int
) -> None:
    ends = day(then)
    assert ends is not None
    assert gained_days(ticket_facts(expires_on=day(now)), ends) == days


@pytest.mark.parametrize(
    ("start", "months", "then"),
    [
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2026-08-31", 6, "2027-02-28"),
        ("2026-12-31", 12, "2027-12-31"),
        ("2026-12-15", 1, "2027-01-15"),
        ("2026-11-30", 0, "2026-11-30"),
        ("2096-02-29", 96, "2104-02-29"),
        ("2096-02-29", 48, "2100-02-28"),
    ],
)
def test_months_later_is_the_same_day_or_the_last_of_its_month(
    start: str, months: int, then: str
) -> None:
    began = day(start)
    assert began is not None
    assert months_after(began, months) == day(then)


EXPIRES = date(2027, 1, 22)


@pytest.mark.parametrize(
    ("days_before", "is_open"),
    [(61, False), (60, True), (59, True), (1, True), (0, True), (-1, True)],
)
def test_the_window_opens_sixty_days_before_and_stays_open(
    days_before: int, is_open: bool
) -> None:
    today = EXPIRES - timedelta(days=days_before)
    courses = dict.fromkeys(("basic_privacy", "policy_procedure"), today.isoformat())
    facts = filing(RECERTIFY, license_state="active", expires_on=EXPIRES, today=today,
                   fields={"courses": courses})  # fmt: skip
    workflow = ticket_type(RECERTIFY).workflow
    if is_open:
        assert workflow.fire("new", "submit", ticket_attempt(**facts)).dest == "submitted"
        return
    with pytest.raises(Refused) as refused:
        workflow.fire("new", "submit", ticket_attempt(**facts))
    assert refused.value.reasons == (
        Reason("Ann Lee’s license runs until Jan 22, 2027. It can be recertified from "
               "Nov 23, 2026."),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("state", "expires_on", "rules"),
    [
        ("active", None, Rules()),
        ("expired", None, Rules()),
        ("expired", date(2020, 1, 1), Rules()),
        ("expired", date(2030, 1, 1), Rules()),
        ("active", date(2027, 2, 21), Rules(window_days=90)),
        ("active", date(2026, 11, 23), Rules(window_days=0)),
    ],
)
def test_expired_or_of_unknown_end_it_can_always_be_recertified_and_the_window_is_a_setting(
    state: str, expires_on: date | None, rules: Rules
) -> None:
    facts = filing(RECERTIFY, license_state=state, expires_on=expires_on, rules=rules)
    attempt = ticket_attempt(**facts)
    assert ticket_type(RECERTIFY).workflow.fire("new", "submit", attempt).dest == "submitted"


def test_a_day_is_said_as_people_say_it() -> None:
    assert in_words(date(2026, 3, 5)) == "Mar 5, 2026"
