"""A training grid: a course has its own mark and span, and a request is judged by its own grid."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.fitting import filed, filing
from tests.workflows.making import ticket_attempt, ticket_facts
from workflows.engine import Refused
from workflows.registry import ticket_type
from workflows.training import ACCESS_LEVELS, NOBODY, STANDARD, Course, Grid, Purpose

RECERTIFY, NEW_USER = "recertification", "new_user_license"
PRIVACY, POLICY = (STANDARD.named(name) for name in ("basic_privacy", "policy_procedure"))
assert PRIVACY is not None
assert POLICY is not None
LONG = replace(PRIVACY, months=24)
"""Counts for two years, whatever the site says."""

levels = st.none() | st.frozensets(st.sampled_from(sorted(ACCESS_LEVELS)))
courses = st.builds(
    Course, st.text(min_size=1), st.text(min_size=1), levels, levels,
    st.none() | st.integers(1, 100), st.none() | st.integers(1, 60),
)  # fmt: skip


def refused(name: str, facts: dict[str, Any]) -> list[str]:
    try:
        ticket_type(name).workflow.fire("new", "submit", ticket_attempt(**facts))
    except Refused as refused:
        return [reason.sentence for reason in refused.reasons]
    return []


@given(courses)
def test_a_course_is_kept_as_json_and_comes_back_the_same(course: Course) -> None:
    assert Course.from_json(course.as_json()) == course


@pytest.mark.parametrize("level", [*ACCESS_LEVELS, "wizard", None])
def test_everybody_is_whoever_comes_and_nobody_is_no_one(level: str | None) -> None:
    once, yearly = Course("once", "Once", yearly=NOBODY), Course("yearly", "Yearly", NOBODY)
    grid = Grid((once, yearly))
    assert grid.required(level, Purpose.NEW_USER) == grid.asked(Purpose.NEW_USER) == [once]
    assert grid.required(level, Purpose.YEARLY) == grid.asked(Purpose.YEARLY) == [yearly]


@pytest.mark.parametrize(
    ("mark", "score", "passes"),
    [(80, 80, True), (80, 79, False), (80, 79.9, False), (80, None, True), (None, 3, True),
     (70, 75, True), (90, 89, False)],
)  # fmt: skip
def test_a_course_is_passed_by_its_own_mark(
    mark: int | None, score: float | None, passes: bool
) -> None:
    assert replace(LONG, pass_mark=mark).is_passed_with(score) is passes


def test_a_request_is_judged_by_the_courses_of_its_grid() -> None:
    facts = filing(RECERTIFY)
    assert refused(RECERTIFY, facts) == []
    further = Grid((*STANDARD.courses, Course("ethics", "Code of Ethics")))
    assert refused(RECERTIFY, facts | {"grid": further}) == [
        "Code of Ethics is required: say when it was completed."
    ]
    assert POLICY is not None
    fewer = facts | {"grid": Grid((POLICY,)), "fields": {"courses": {POLICY.name: "2026-10-01"}}}
    assert refused(RECERTIFY, fewer) == []


@pytest.mark.parametrize(("day", "counts"), [("2024-11-23", True), ("2024-11-22", False)])
def test_a_course_with_a_span_of_its_own_counts_for_that(day: str, counts: bool) -> None:
    facts = filing(RECERTIFY, fields={"courses": {LONG.name: day}}, grid=Grid((LONG,)))
    found = refused(RECERTIFY, facts)
    assert ["more than 2 years ago" in sentence for sentence in found] == [True] * (not counts)


def test_the_license_runs_until_the_first_course_runs_out() -> None:
    kind = ticket_type(RECERTIFY)
    assert kind.until is not None
    assert POLICY is not None
    told = {LONG.name: "2025-03-01", POLICY.name: "2026-10-01"}
    facts = filed(RECERTIFY, fields={"courses": told}, grid=Grid((LONG, POLICY)), expires_on=None)
    assert kind.until(ticket_facts(**facts)) == date(2027, 3, 1)
