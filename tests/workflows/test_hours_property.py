"""The same hours, counted minute by minute by somebody who is slow and hard to fool."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import example, given, settings
from hypothesis import strategies as st

from workflows.hours import BusinessHours, due, left, stretches

DETROIT = ZoneInfo("America/Detroit")
HOLIDAYS = {date(2026, 11, 26), date(2026, 12, 25), date(2028, 2, 29), date(2026, 3, 9)}
HOURS = BusinessHours(DETROIT, time(9), time(17), HOLIDAYS.__contains__)
MINUTE = timedelta(minutes=1)

WEEKS_WORTH_LOOKING_AT = (
    datetime(2026, 3, 5, tzinfo=UTC),  # clocks go forward
    datetime(2026, 10, 29, tzinfo=UTC),  # clocks go back
    datetime(2026, 11, 23, tzinfo=UTC),  # Thanksgiving
    datetime(2026, 12, 23, tzinfo=UTC),  # Christmas, New Year
    datetime(2028, 2, 25, tzinfo=UTC),  # a leap day
)
moments = st.builds(
    lambda week, minutes: week + minutes * MINUTE,
    st.sampled_from(WEEKS_WORTH_LOOKING_AT),
    st.integers(0, 8 * 24 * 60),
)
spans = st.integers(0, 3 * 8 * 60)


def is_open(moment: datetime) -> bool:
    """Whether the desk is open in the minute that begins now."""
    here = moment.astimezone(DETROIT)
    return here.weekday() < 5 and here.date() not in HOLIDAYS and 9 <= here.hour < 17


def count(start: datetime, end: datetime) -> int:
    """Open minutes from `start` to `end`."""
    minutes = (end - start) // MINUTE
    return sum(is_open(start + n * MINUTE) for n in range(minutes))


def walk(start: datetime, minutes: int) -> datetime:
    """The moment after so many open minutes; with none to go, the next open one."""
    moment = start
    while minutes > 0 or not is_open(moment):
        minutes -= is_open(moment)
        moment += MINUTE
        if minutes == 0 and is_open(moment - MINUTE):
            break
    return moment


@given(start=moments, minutes=spans)
@example(start=datetime(2026, 3, 6, 21, 59, tzinfo=UTC), minutes=2)
@example(start=datetime(2026, 10, 30, 20, 59, tzinfo=UTC), minutes=2)
@settings(max_examples=60)
def test_adding_agrees_with_walking_minute_by_minute(start: datetime, minutes: int) -> None:
    assert HOURS.add(start, minutes * MINUTE) == walk(start, minutes)


@given(start=moments, length=st.integers(0, 9 * 24 * 60))
@settings(max_examples=60)
def test_between_agrees_with_counting_minute_by_minute(start: datetime, length: int) -> None:
    end = start + length * MINUTE
    assert HOURS.between(start, end) == count(start, end) * MINUTE


@given(start=moments, seconds=st.integers(0, 5 * 8 * 3600))
def test_what_was_added_is_what_lies_between(start: datetime, seconds: int) -> None:
    span = timedelta(seconds=seconds)
    assert HOURS.between(start, HOURS.add(start, span)) == span


@given(start=moments, shorter=spans, longer=spans)
def test_more_time_never_ends_earlier(start: datetime, shorter: int, longer: int) -> None:
    first, second = sorted((shorter, longer))
    assert HOURS.add(start, first * MINUTE) <= HOURS.add(start, second * MINUTE)


gaps = st.lists(st.integers(1, 2000), min_size=0, max_size=6)


@given(start=moments, pauses=gaps, target=st.integers(1, 5 * 8 * 60))
@settings(max_examples=60)
def test_a_due_time_is_when_the_target_has_run_in_all_stretches_together(
    start: datetime, pauses: list[int], target: int
) -> None:
    changes, moment = [(start, True)], start
    for place, minutes in enumerate(pauses):
        moment += minutes * MINUTE
        changes.append((moment, place % 2 == 1))
    history = stretches(changes)
    expected = due(HOURS, history, target * MINUTE)
    if not changes[-1][1]:
        assert expected is None
        return
    assert expected is not None
    spent = sum(count(part.start, part.end) for part in history if part.end is not None)
    assert expected == walk(changes[-1][0], max(target - spent, 0))
    if spent <= target:
        assert left(HOURS, history, target * MINUTE, expected) == timedelta()
    else:
        assert left(HOURS, history, target * MINUTE, changes[-1][0]) < timedelta()
