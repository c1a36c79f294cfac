"""Whose word the date of a course is, once the request goes by its worksheet."""

from dataclasses import replace
from datetime import date

import pytest

from tests.workflows.making import DANA, SAM, ticket_attempt
from workflows.checking import Judged, check
from workflows.common import IN_REVIEW
from workflows.engine import Mark, Undeclared
from workflows.guards import NEW_PASSWORD, RECERTIFY, four_eyes
from workflows.registry import ticket_type
from workflows.straight import JUDGES
from workflows.taken_dates import TAKE_DATES, readers, with_dates

MAY, JUNE = date(2026, 5, 7), date(2026, 6, 7)


def told(**days: date) -> dict[str, object]:
    return {"courses": {name: day.isoformat() for name, day in days.items()}}


def test_a_date_that_nobody_read_otherwise_is_the_agencys() -> None:
    fields = with_dates(told(privacy=MAY, policy=MAY), {"privacy": (JUNE, ())})
    assert fields["courses"] == {"privacy": "2026-06-07", "policy": "2026-05-07"}
    assert readers(fields) == frozenset()


def test_a_date_that_staff_read_is_theirs_until_the_agency_mends_it() -> None:
    fields = with_dates(told(privacy=MAY, policy=MAY), {"privacy": (JUNE, {SAM})})
    assert readers(fields) == {SAM}
    fields |= with_dates(fields, {"policy": (JUNE, {DANA})})
    assert readers(fields) == {SAM, DANA}
    assert readers({**fields, **told(privacy=MAY, policy=JUNE)}) == {DANA}


def test_who_read_a_date_does_not_approve_the_request() -> None:
    fields = with_dates(told(privacy=MAY), {"privacy": (JUNE, {SAM})})
    (reason,) = four_eyes.reasons(ticket_attempt(fields=fields))
    assert reason.sentence == (
        "A date or score counts as you read it on the worksheet, not as the program did."
        " Somebody else has to approve it: Joan Abara."
    )
    taken = with_dates(told(privacy=MAY), {"privacy": (JUNE, ())})
    assert four_eyes.reasons(ticket_attempt(fields=taken)) == ()


def test_only_a_date_that_the_worksheet_contradicts_can_be_taken_over() -> None:
    flow = ticket_type(RECERTIFY).workflow
    step = flow.step_from(IN_REVIEW, TAKE_DATES)
    assert step is not None
    assert step.marks == {Mark.TAKE_DATES}
    agreeing = Judged("worksheet", 1, (check("typed", "They agree.", None),))
    differs = replace(check("typed_privacy", "They agree.", "No."), day=JUNE)
    other = Judged("worksheet", 1, (differs,))
    assert step.refusals(ticket_attempt(worksheets=(agreeing,)))
    assert not step.refusals(ticket_attempt(worksheets=(other,)))
    assert not step.refusals(ticket_attempt(worksheets=(other,), data={"course": "privacy"}))
    assert step.refusals(ticket_attempt(worksheets=(other,), data={"course": "policy"}))


def test_where_there_are_no_dates_there_is_nothing_to_take_over() -> None:
    with pytest.raises(Undeclared):
        ticket_type(NEW_PASSWORD).workflow.fire(IN_REVIEW, TAKE_DATES, ticket_attempt())


def test_a_rule_that_went_by_a_wrong_date_is_at_fault() -> None:
    assert TAKE_DATES in JUDGES
