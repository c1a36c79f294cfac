"""How long HAND waits for an answer, by the calendar of Detroit: business days of eight hours."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from workflows.hours import BusinessHours
from workflows.waiting import Patience, ends, reminder

DETROIT = ZoneInfo("America/Detroit")
THANKSGIVING = date(2026, 11, 26)
HOURS = BusinessHours(DETROIT, time(9), time(17), {THANKSGIVING}.__contains__)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=DETROIT).astimezone(UTC)


def due(asked: str, now: str, *sent: int) -> int | None:
    return reminder(HOURS, at(asked), sent, at(now), Patience())


@pytest.mark.parametrize(
    ("case", "asked", "second", "fifth", "seventh"),
    [
        ("plain weeks", "2026-11-02 10:00", "2026-11-04 10:00", "2026-11-09 10:00",
         "2026-11-11 10:00"),
        ("over a holiday", "2026-11-24 16:00", "2026-11-27 16:00", "2026-12-02 16:00",
         "2026-12-04 16:00"),
        ("asked in the evening", "2026-11-02 20:00", "2026-11-04 17:00", "2026-11-09 17:00",
         "2026-11-11 17:00"),
        ("asked on a Sunday", "2026-11-01 12:00", "2026-11-03 17:00", "2026-11-06 17:00",
         "2026-11-10 17:00"),
        ("as clocks go back", "2026-10-30 11:00", "2026-11-03 11:00", "2026-11-06 11:00",
         "2026-11-10 11:00"),
        ("as clocks go forward", "2026-03-06 11:00", "2026-03-10 11:00", "2026-03-13 11:00",
         "2026-03-17 11:00"),
    ],
)  # fmt: skip
def test_reminders_and_the_end_come_after_so_many_business_days(
    case: str, asked: str, second: str, fifth: str, seventh: str
) -> None:
    assert due(asked, second) == 2, case
    assert due(asked, fifth, 2) == 5
    assert ends(HOURS, at(asked), Patience()) == at(seventh)


def test_a_minute_earlier_nothing_is_due() -> None:
    assert due("2026-11-02 10:00", "2026-11-04 09:59") is None
    assert due("2026-11-02 10:00", "2026-11-09 09:59", 2) is None


def test_each_reminder_is_due_once_and_of_missed_ones_the_nearest() -> None:
    asked = "2026-11-02 10:00"
    assert due(asked, "2026-11-05 10:00", 2) is None
    assert due(asked, "2026-11-10 10:00") == 5
    assert due(asked, "2026-11-10 10:00", 5) is None


def test_days_are_a_sites_own() -> None:
    patience = Patience(reminders=(1,), close=3)
    asked = at("2026-11-02 10:00")
    assert ends(HOURS, asked, patience) == at("2026-11-05 10:00")
    assert reminder(HOURS, asked, [], at("2026-11-03 10:00"), patience) == 1
