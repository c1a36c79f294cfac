"""Reported days come: the departure after the last day, the leave on the first, the return."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from workflows.deadlines import Dates, Due, Moment, Spans, due
from workflows.license import ACTIVE, DELETED, HELD, INACTIVE

TODAY = date(2026, 11, 26)
DAY = timedelta(days=1)
AT = Moment(datetime(2026, 11, 26, 9, tzinfo=ZoneInfo("America/Detroit")), TODAY, TODAY)


def triggers(dates: Dates) -> list[str]:
    return [each.trigger for each in due(dates, AT, Spans())]


def test_a_departure_is_due_once_the_last_day_is_over() -> None:
    assert triggers(Dates(ACTIVE, departs_on=TODAY + DAY)) == []
    assert triggers(Dates(ACTIVE, departs_on=TODAY)) == []
    found = due(Dates(ACTIVE, departs_on=TODAY - 3 * DAY), AT, Spans())
    assert found == [Due("depart", TODAY - 2 * DAY, {"on": "2026-11-23"})]


def test_a_leave_is_due_on_its_first_day_with_the_day_of_return() -> None:
    assert triggers(Dates(ACTIVE, leave_from=TODAY + DAY)) == []
    found = due(Dates(ACTIVE, leave_from=TODAY, leave_until=TODAY + 7 * DAY), AT, Spans())
    assert found == [Due("take_leave", TODAY, {"on": "2026-11-26", "back_on": "2026-12-03"})]


def test_the_end_of_a_leave_is_told_on_the_day_of_return() -> None:
    assert triggers(Dates(INACTIVE, returns_on=TODAY + DAY)) == []
    assert triggers(Dates(INACTIVE, returns_on=TODAY)) == ["end_leave"]
    assert triggers(Dates(ACTIVE, leave_until=TODAY)) == []


@pytest.mark.parametrize("state", HELD)
def test_of_who_has_left_nobody_is_reminded_and_the_license_expires_all_the_same(
    state: str,
) -> None:
    dates = Dates(state, left=True, expires_on=TODAY + 7 * DAY, leave_from=TODAY, returns_on=TODAY)
    assert triggers(dates) == []
    assert triggers(Dates(state, left=True, expires_on=TODAY - 7 * DAY)) == ["lapse"]


def test_a_move_is_due_on_the_first_day_at_the_other_agency() -> None:
    assert triggers(Dates(ACTIVE, moves_on=TODAY + DAY)) == []
    found = due(Dates(INACTIVE, moves_on=TODAY - DAY), AT, Spans())
    assert found == [Due("move", TODAY - DAY, {"on": "2026-11-25"})]
    assert triggers(Dates(DELETED, moves_on=TODAY)) == []


def test_what_nobody_holds_has_no_days() -> None:
    dates = Dates(DELETED, departs_on=TODAY - DAY, leave_from=TODAY, returns_on=TODAY)
    assert triggers(dates) == []


def test_what_was_so_first_comes_first() -> None:
    both = Dates(ACTIVE, departs_on=TODAY - DAY, leave_from=TODAY - 2 * DAY)
    assert triggers(both) == ["take_leave", "depart"]
