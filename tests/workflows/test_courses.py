"""Courses: which a role needs, and for how long one counts. The grid here is HAND's, by hand."""

from datetime import date
from typing import Any

import pytest

from tests.workflows.fitting import filed, filing
from tests.workflows.making import ticket_attempt
from workflows.engine import Reason, Refused
from workflows.facts import Rules
from workflows.registry import ticket_type
from workflows.training import ACCESS_LEVELS, STANDARD, Purpose, completed

EVERYBODY_NEW = ["basic_privacy", "policy_procedure", "informed_consent"]
EVERYBODY_YEARLY = ["basic_privacy", "policy_procedure"]
OF_THE_ROLE: dict[str | None, tuple[list[str], list[str]]] = {
    "agency_staff": (["intake"], []),
    "case_manager_1": (["advanced_privacy", "intake"], ["advanced_privacy"]),
    "case_manager_2": (["advanced_privacy", "intake"], ["advanced_privacy"]),
    "agency_administrator": (["advanced_privacy", "agency_admin"],
                             ["advanced_privacy", "agency_admin"]),
    "executive_director": ([], []),
    "volunteer": (["intake"], []),
    "read_only": ([], []),
    "wizard": ([], []),
    None: ([], []),
}  # fmt: skip
"""For each role what it needs besides: as a new user, and each year."""

LABELS = {
    "basic_privacy": "Basic Privacy & Security",
    "policy_procedure": "Policy & Procedure",
    "informed_consent": "Informed Consent & Data Collection",
    "advanced_privacy": "Advanced Privacy & Data Sharing",
    "intake": "Intake Staff",
    "agency_admin": "Agency Admin",
}
PURPOSES = {"new_user_license": Purpose.NEW_USER, "recertification": Purpose.YEARLY}


def needed(level: str | None, name: str) -> list[str]:
    new, yearly = OF_THE_ROLE[level]
    is_new = name == "new_user_license"
    return [*EVERYBODY_NEW, *new] if is_new else [*EVERYBODY_YEARLY, *yearly]


def facts_for(name: str, level: str | None, courses: dict[str, str], **more: Any) -> dict[str, Any]:
    facts = filing(name, access_level=level, **more)
    facts["fields"]["courses"] = courses
    if name == "new_user_license":
        facts["fields"]["access_level"] = level
    return facts


def faults(name: str, **facts: Any) -> list[Reason]:
    try:
        ticket_type(name).workflow.fire("new", "submit", ticket_attempt(**facts))
    except Refused as refused:
        return list(refused.reasons)
    return []


def told(course: str, day: str, **changes: Any) -> list[str]:
    """What is said of a recertification in which this course was completed on that day."""
    facts = filing("recertification", **changes)
    fresh = str(changes.get("today", "2026-11-01"))
    facts["fields"]["courses"] = {"policy_procedure": fresh, course: day}
    return [reason.sentence for reason in faults("recertification", **facts)]


@pytest.mark.parametrize("level", OF_THE_ROLE)
@pytest.mark.parametrize("name", PURPOSES)
def test_each_role_needs_the_courses_of_the_grid(name: str, level: str | None) -> None:
    found = [course.name for course in STANDARD.required(level, PURPOSES[name])]
    assert sorted(found) == sorted(needed(level, name))


def test_the_grid_is_about_every_access_level() -> None:
    assert set(OF_THE_ROLE) - {"wizard", None} == set(ACCESS_LEVELS)


@pytest.mark.parametrize("level", ACCESS_LEVELS)
@pytest.mark.parametrize("name", PURPOSES)
def test_each_course_that_is_missing_is_named_at_its_own_input(name: str, level: str) -> None:
    everything = dict.fromkeys(needed(level, name), "2026-10-01")
    assert faults(name, **facts_for(name, level, everything)) == []
    for course in everything:
        courses = {each: day for each, day in everything.items() if each != course}
        sentence = f"{LABELS[course]} is required: say when it was completed."
        expected = [Reason(sentence, field=f"course_{course}")]
        assert faults(name, **facts_for(name, level, courses)) == expected


@pytest.mark.parametrize("level", ACCESS_LEVELS)
@pytest.mark.parametrize("name", PURPOSES)
def test_with_none_at_all_every_one_is_named(name: str, level: str) -> None:
    found = faults(name, **facts_for(name, level, {}))
    assert sorted(str(reason.field) for reason in found) == sorted(
        f"course_{course}" for course in needed(level, name)
    )


@pytest.mark.parametrize(
    ("today", "day", "words"),
    [
        ("2026-11-23", "2026-11-23", None),
        ("2026-11-23", "2026-11-24", "that day is yet to come"),
        ("2026-11-23", "2027-11-23", "that day is yet to come"),
        ("2026-11-23", "2025-11-23", None),
        ("2026-11-23", "2025-11-22", "more than a year ago"),
        ("2026-11-23", "2005-11-23", "more than a year ago"),
        ("2025-02-28", "2024-02-29", None),
        ("2025-03-01", "2024-02-29", "more than a year ago"),
        ("2025-02-28", "2024-02-28", None),
        ("2025-03-01", "2024-03-01", None),
        ("2028-02-28", "2027-02-28", None),
        ("2028-02-29", "2027-02-28", "more than a year ago"),
        ("2028-02-29", "2027-03-01", None),
    ],
)
def test_a_course_counts_from_its_day_to_the_same_day_a_year_later(
    today: str, day: str, words: str | None
) -> None:
    found = told("basic_privacy", day, today=date.fromisoformat(today))
    assert len(found) == (0 if words is None else 1)
    assert all(str(words) in sentence for sentence in found)


@pytest.mark.parametrize(
    ("months", "day", "words"),
    [
        (24, "2024-11-23", None),
        (24, "2024-11-22", "more than 2 years ago"),
        (18, "2025-05-22", "more than 18 months ago"),
        (6, "2026-05-23", None),
        (6, "2026-05-22", "more than 6 months ago"),
    ],
)
def test_how_long_a_course_counts_is_a_setting(months: int, day: str, words: str | None) -> None:
    found = told("basic_privacy", day, today=date(2026, 11, 23), rules=Rules(course_months=months))
    assert [str(words) in sentence for sentence in found] == ([] if words is None else [True])


def test_the_day_is_told_in_words() -> None:
    (sentence,) = told("basic_privacy", "2025-02-03")
    assert sentence == (
        "Basic Privacy & Security was completed on Feb 3, 2025. That is more than a year ago, "
        "so it has to be taken again."
    )


def test_a_course_that_ran_out_during_the_review_stops_the_approval() -> None:
    courses = {"basic_privacy": "2025-11-23", "policy_procedure": "2026-10-01"}
    filed_then = filed(
        "recertification", today=date(2026, 11, 24), fields={"courses": courses}
    )
    with pytest.raises(Refused, match="has to be taken again"):
        ticket_type("recertification").workflow.fire(
            "in_review", "approve", ticket_attempt(**filed_then)
        )


def test_the_level_that_is_asked_for_counts_and_else_the_one_the_license_has() -> None:
    yearly = {"basic_privacy": "2026-10-01", "policy_procedure": "2026-10-01"}
    has = facts_for("recertification", "case_manager_1", yearly)
    (reason,) = faults("recertification", **has)
    assert reason.field == "course_advanced_privacy"
    asked = {**yearly, "informed_consent": "2026-10-01"}
    lower = facts_for("new_user_license", "read_only", asked)
    assert faults("new_user_license", **lower | {"access_level": "case_manager_1"}) == []


@pytest.mark.parametrize("fields", [{}, {"courses": None}, {"courses": "all"}, {"courses": []}])
def test_a_ticket_without_courses_tells_of_none(fields: dict[str, object]) -> None:
    assert completed(fields) == {}


def test_an_empty_day_is_no_day() -> None:
    assert completed({"courses": {"intake": None, "basic_privacy": ""}}) == {}
