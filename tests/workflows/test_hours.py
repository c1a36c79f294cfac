"""HAND's business hours, by examples of the calendar: Detroit, Monday to Friday, nine to five."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from workflows.hours import BusinessHours, Stretch, due, left, stretches

DETROIT = ZoneInfo("America/Detroit")
THANKSGIVING = date(2026, 11, 26)
HOURS = BusinessHours(DETROIT, time(9), time(17), {THANKSGIVING}.__contains__)
HOUR, DAY = timedelta(hours=1), timedelta(hours=8)


def at(text: str) -> datetime:
    """A moment on the wall clock of Detroit, such as "2026-11-23 16:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=DETROIT).astimezone(UTC)


def test_a_business_day_is_as_long_as_the_desk_is_open() -> None:
    assert HOURS.day == DAY
    assert BusinessHours(DETROIT, time(8, 30), time(12), bool).day == 3.5 * HOUR


@pytest.mark.parametrize(
    ("case", "start", "span", "end"),
    [
        ("within a morning", "2026-11-23 09:30", 2 * HOUR, "2026-11-23 11:30"),
        ("to the minute of closing", "2026-11-23 16:00", HOUR, "2026-11-23 17:00"),
        ("over a night", "2026-11-23 16:00", 2 * HOUR, "2026-11-24 10:00"),
        ("before opening", "2026-11-23 06:00", HOUR, "2026-11-23 10:00"),
        ("at the minute of closing", "2026-11-23 17:00", HOUR, "2026-11-24 10:00"),
        ("in the evening", "2026-11-23 21:40", HOUR, "2026-11-24 10:00"),
        ("over a weekend", "2026-11-20 16:00", 2 * HOUR, "2026-11-23 10:00"),
        ("on a Saturday", "2026-11-21 12:00", HOUR, "2026-11-23 10:00"),
        ("on a Sunday at midnight", "2026-11-22 00:00", HOUR, "2026-11-23 10:00"),
        ("over a holiday", "2026-11-25 16:00", 2 * HOUR, "2026-11-27 10:00"),
        ("on a holiday", "2026-11-26 12:00", HOUR, "2026-11-27 10:00"),
        ("a whole day", "2026-11-23 11:15", DAY, "2026-11-24 11:15"),
        ("three days over holiday and weekend", "2026-11-25 12:00", 3 * DAY, "2026-12-01 12:00"),
        ("over a year's end", "2026-12-31 16:00", 2 * HOUR, "2027-01-01 10:00"),
        ("over a leap day", "2028-02-28 12:00", 2 * DAY, "2028-03-01 12:00"),
        ("no leap day", "2027-02-26 12:00", DAY, "2027-03-01 12:00"),
        ("as clocks go forward", "2026-03-06 16:00", 2 * HOUR, "2026-03-09 10:00"),
        ("as clocks go back", "2026-10-30 16:00", 2 * HOUR, "2026-11-02 10:00"),
        ("in the hour that is skipped", "2026-03-08 02:30", HOUR, "2026-03-09 10:00"),
        ("no time at all, while open", "2026-11-23 11:00", timedelta(), "2026-11-23 11:00"),
        ("no time at all, while closed", "2026-11-21 11:00", timedelta(), "2026-11-23 09:00"),
    ],
)
def test_business_time_is_added(case: str, start: str, span: timedelta, end: str) -> None:
    assert HOURS.add(at(start), span) == at(end), case


@pytest.mark.parametrize(
    ("case", "start", "end", "span"),
    [
        ("within a day", "2026-11-23 09:30", "2026-11-23 11:30", 2 * HOUR),
        ("over a night", "2026-11-23 16:00", "2026-11-24 10:00", 2 * HOUR),
        ("over a weekend", "2026-11-20 16:30", "2026-11-23 09:30", HOUR),
        ("over a holiday", "2026-11-25 16:30", "2026-11-27 09:30", HOUR),
        ("while closed", "2026-11-20 18:00", "2026-11-23 08:00", timedelta()),
        ("a week", "2026-11-13 12:00", "2026-11-20 12:00", 5 * DAY),
        ("with clocks going forward", "2026-03-06 12:00", "2026-03-09 12:00", DAY),
        ("with clocks going back", "2026-10-30 12:00", "2026-11-02 12:00", DAY),
        ("a clock set back", "2026-11-24 12:00", "2026-11-23 12:00", timedelta()),
        ("a clock set back within a day", "2026-11-24 12:00", "2026-11-24 11:00", timedelta()),
        ("no time", "2026-11-24 12:00", "2026-11-24 12:00", timedelta()),
    ],
)
def test_business_time_between_is_counted(case: str, start: str, end: str, span: timedelta) -> None:
    assert HOURS.between(at(start), at(end)) == span, case


def test_the_date_that_counts_is_detroits_not_that_of_utc() -> None:
    """Monday 20:30 in Detroit is Tuesday already in UTC; Sunday evening is Monday."""
    assert HOURS.add(datetime(2026, 11, 24, 1, 30, tzinfo=UTC), HOUR) == at("2026-11-24 10:00")
    assert HOURS.add(datetime(2026, 11, 23, 2, 0, tzinfo=UTC), HOUR) == at("2026-11-23 10:00")


def test_answers_are_in_utc_whatever_zone_the_question_is_in() -> None:
    asked = at("2026-11-23 10:00").astimezone(ZoneInfo("Asia/Tokyo"))
    answer = HOURS.add(asked, HOUR)
    assert answer == at("2026-11-23 11:00")
    assert answer.tzinfo is UTC


def test_changes_of_the_clock_become_the_stretches_in_which_it_ran() -> None:
    one, two, three, four = (at(f"2026-11-23 1{n}:00") for n in range(4))
    assert stretches([]) == []
    assert stretches([(one, True)]) == [Stretch(one, None)]
    assert stretches([(one, True), (two, True), (three, False)]) == [Stretch(one, three)]
    assert stretches([(one, False), (two, False)]) == []
    assert stretches([(one, True), (two, False), (three, False), (four, True)]) == [
        Stretch(one, two),
        Stretch(four, None),
    ]


def history(*changes: tuple[str, bool]) -> list[Stretch]:
    return stretches((at(moment), runs) for moment, runs in changes)


def test_a_request_is_due_when_its_business_time_has_run() -> None:
    assert due(HOURS, history(("2026-11-20 15:00", True)), DAY) == at("2026-11-23 15:00")


def test_nothing_is_due_while_the_clock_stands() -> None:
    waiting = history(("2026-11-23 09:00", True), ("2026-11-23 11:00", False))
    assert due(HOURS, waiting, DAY) is None
    assert due(HOURS, [], DAY) is None


def test_time_spent_waiting_moves_the_due_time() -> None:
    answered = history(
        ("2026-11-23 09:00", True), ("2026-11-23 11:00", False), ("2026-11-25 09:00", True)
    )
    assert due(HOURS, answered, DAY) == at("2026-11-25 15:00")


def test_two_pauses_both_count() -> None:
    twice = history(
        ("2026-11-23 09:00", True), ("2026-11-23 10:00", False),
        ("2026-11-23 12:00", True), ("2026-11-23 13:00", False),
        ("2026-11-24 09:00", True),
    )  # fmt: skip
    assert due(HOURS, twice, DAY) == at("2026-11-24 15:00")


def test_a_target_missed_before_the_pause_is_due_at_once_after_it() -> None:
    late = history(
        ("2026-11-16 09:00", True), ("2026-11-18 09:00", False), ("2026-11-23 10:00", True)
    )
    assert due(HOURS, late, DAY) == at("2026-11-23 10:00")


def test_what_is_left_shrinks_stands_while_waiting_and_falls_below_zero() -> None:
    paused = history(("2026-11-23 09:00", True), ("2026-11-23 11:00", False))
    assert left(HOURS, paused, DAY, at("2026-11-23 10:59")) == 6 * HOUR
    assert left(HOURS, paused, DAY, at("2026-12-24 10:00")) == 6 * HOUR
    running = history(("2026-11-23 09:00", True))
    assert left(HOURS, running, DAY, at("2026-11-23 12:00")) == 5 * HOUR
    assert left(HOURS, running, DAY, at("2026-11-24 12:00")) == -3 * HOUR
    assert left(HOURS, [], DAY, at("2026-11-24 12:00")) == DAY
