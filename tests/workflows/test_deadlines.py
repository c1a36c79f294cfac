"""What falls due for a license: by examples of the calendar, and whatever days were missed."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.deadlines import Dates, Due, Moment, Spans, due
from workflows.license import HELD, STATES

TODAY = date(2026, 11, 23)
SPANS = Spans()
DAY = timedelta(days=1)


def at(today: date = TODAY, seen: date | None = TODAY) -> Moment:
    """Ten in the morning, in Detroit. `seen`: the day up to which log-ins are known."""
    moment = datetime(today.year, today.month, today.day, 15, tzinfo=UTC)
    return Moment(moment, today, min(seen, today) if seen else None)


def triggers(dates: Dates, moment: Moment | None = None) -> list[str]:
    return [each.trigger for each in due(dates, moment or at(), SPANS)]


def ends_in(days: int, **more: object) -> Dates:
    return replace(Dates("active", expires_on=TODAY + days * DAY), **more)  # type: ignore[arg-type]


def idle_for(days: int, **more: object) -> Dates:
    return replace(Dates("active", idle_since=TODAY - days * DAY), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("left", "reminder"),
    [(61, None), (60, 60), (59, 60), (31, 60), (30, 30), (15, 30), (14, 14), (8, 14), (7, 7),
     (2, 7), (1, 1), (0, 1)],
)  # fmt: skip
def test_the_nearest_reminder_is_the_one_that_is_due(left: int, reminder: int | None) -> None:
    found = due(ends_in(left), at(), SPANS)
    assert [each.data.get("days") for each in found] == ([reminder] if reminder else [])


def test_a_reminder_that_was_sent_is_not_due_again_and_neither_is_one_before_it() -> None:
    ends = TODAY + 7 * DAY
    assert triggers(ends_in(7, reminded=(ends, 14))) == ["remind"]
    assert triggers(ends_in(7, reminded=(ends, 7))) == []
    assert triggers(ends_in(7, reminded=(ends, 1))) == []


def test_another_expiry_is_reminded_of_anew() -> None:
    assert triggers(ends_in(7, reminded=(TODAY - 358 * DAY, 1))) == ["remind"]
    assert triggers(ends_in(7, reminded=(None, None))) == ["remind"]


def test_a_license_is_good_until_its_last_day_is_over() -> None:
    assert triggers(ends_in(0)) == ["remind"]
    assert due(ends_in(-1), at(), SPANS) == [
        Due("expire", TODAY, {"until": (TODAY - DAY).isoformat()})
    ]
    assert triggers(ends_in(-400)) == ["expire"]
    assert triggers(ends_in(-1, expired=True)) == []


@pytest.mark.parametrize("state", HELD)
def test_whatever_shows_a_license_expires_and_only_who_can_renew_is_reminded(state: str) -> None:
    assert triggers(ends_in(-1, state=state)) == ["expire"]
    reminded = state in {"active", "locked", "inactive"}
    assert triggers(ends_in(3, state=state)) == (["remind"] if reminded else [])


@pytest.mark.parametrize("state", [s.name for s in STATES if s.name not in HELD])
def test_nothing_falls_due_for_a_license_that_nobody_holds(state: str) -> None:
    everything = Dates(state, expires_on=TODAY - 9 * DAY, idle_since=TODAY - 99 * DAY,
                       log_in_by=datetime(2020, 1, 1, tzinfo=UTC))  # fmt: skip
    assert triggers(everything) == []


@pytest.mark.parametrize(
    ("idle", "step"),
    [(0, None), (29, None), (30, "notice_idle"), (35, "notice_idle"), (36, "inactivate"),
     (400, "inactivate")],
)  # fmt: skip
def test_there_are_five_days_of_grace_after_the_notice(idle: int, step: str | None) -> None:
    assert triggers(idle_for(idle)) == ([step] if step else [])
    assert triggers(idle_for(idle, noticed=True)) == ([step] if step == "inactivate" else [])


def test_the_notice_says_which_day_is_the_last() -> None:
    (notice,) = due(idle_for(31), at(), SPANS)
    assert notice.data == {"since": "2026-10-23", "last_day": "2026-11-27"}
    assert triggers(idle_for(31, noticed=True), at(date(2026, 11, 27))) == []
    assert triggers(idle_for(31, noticed=True), at(date(2026, 11, 28), None)) == []
    later = at(date(2026, 11, 28), date(2026, 11, 28))
    assert triggers(idle_for(31, noticed=True), later) == ["inactivate"]


@pytest.mark.parametrize("state", [state.name for state in STATES if state.name != "active"])
def test_only_an_active_license_can_be_idle(state: str) -> None:
    assert triggers(idle_for(99, state=state)) == []


def test_nobody_is_idle_whose_log_ins_are_unknown() -> None:
    assert triggers(Dates("active")) == []
    assert triggers(idle_for(99), at(seen=None)) == []


def test_days_of_which_no_log_ins_are_known_do_not_count() -> None:
    assert triggers(idle_for(36), at(seen=TODAY - DAY)) == ["notice_idle"]
    assert triggers(idle_for(36), at(seen=TODAY - 7 * DAY)) == []


def test_an_expiry_that_nobody_knows_is_never_due() -> None:
    assert triggers(Dates("active", expires_on=None)) == []


def test_a_log_in_is_missing_once_its_time_is_over() -> None:
    by = at().now
    assert triggers(Dates("active", log_in_by=by)) == []
    assert triggers(Dates("active", log_in_by=by - timedelta(seconds=1))) == ["miss_log_in"]


def test_what_has_been_due_for_longest_comes_first() -> None:
    """An idle license that expired later was inactive before; one that expired first never was."""
    assert triggers(replace(idle_for(50), expires_on=TODAY - 3 * DAY)) == ["inactivate", "expire"]
    assert triggers(replace(idle_for(40), expires_on=TODAY - 9 * DAY)) == ["expire", "inactivate"]
    assert triggers(replace(idle_for(36), expires_on=TODAY - DAY)) == ["expire", "inactivate"]


def test_numbers_are_a_sites_own() -> None:
    spans = Spans(reminders=(10,), idle_notice=3, idle_grace=2)
    assert [e.trigger for e in due(ends_in(10), at(), spans)] == ["remind"]
    assert due(ends_in(11), at(), spans) == []
    steps = [[e.trigger for e in due(idle_for(n), at(), spans)] for n in (2, 3, 5, 6)]
    assert steps == [[], ["notice_idle"], ["notice_idle"], ["inactivate"]]


@given(st.lists(st.integers(0, 70), min_size=1, max_size=40))
def test_however_many_days_are_missed_no_reminder_comes_twice_and_the_nearest_always(
    days_before: list[int],
) -> None:
    """A sweep on each of these days, in order of time; some days twice."""
    ends, reminded, sent = TODAY, (None, None), []
    for left in sorted(days_before, reverse=True):
        dates = Dates("active", expires_on=ends, reminded=reminded)
        for each in due(dates, at(ends - left * DAY), SPANS):
            sent.append(each.data["days"])
            reminded = (ends, each.data["days"])  # type: ignore[assignment]
            assert each.data["days"] == min(r for r in SPANS.reminders if left <= r)
    assert sent == sorted(set(sent), reverse=True)  # type: ignore[type-var]
    nearest = [r for r in SPANS.reminders if min(days_before) <= r]
    assert sent[-1:] == ([min(nearest)] if nearest else [])


def unused_for(days: int, **more: object) -> Dates:
    dates = Dates("inactive", unused_since=TODAY - days * DAY)
    return replace(dates, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("state", ["inactive", "expired"])
def test_a_deletion_is_warned_of_and_proposed_a_week_later(state: str) -> None:
    assert triggers(unused_for(52, state=state)) == []
    (warning,) = due(unused_for(53, state=state), at(), SPANS)
    assert (warning.trigger, warning.data) == ("warn_deletion", {"from": "2026-11-30"})
    warned = {"state": state, "deletable_on": TODAY}
    assert triggers(unused_for(59, **warned)) == []
    assert triggers(unused_for(60, **warned)) == ["propose_deletion"]
    assert triggers(unused_for(60, **warned, deletion_proposed=True)) == []


def test_nothing_is_proposed_before_those_concerned_have_had_their_days() -> None:
    """However late the sweep comes, and however long ago the license ended."""
    (warning,) = due(unused_for(400), at(), SPANS)
    assert (warning.trigger, warning.data) == ("warn_deletion", {"from": "2026-11-30"})
    assert triggers(unused_for(406, deletable_on=TODAY + DAY)) == []
    assert triggers(unused_for(407, deletable_on=TODAY)) == ["propose_deletion"]


def test_who_has_left_is_warned_the_day_after_and_the_license_proposed_a_week_later() -> None:
    assert triggers(unused_for(0, left=True)) == []
    assert triggers(unused_for(1, left=True)) == ["warn_deletion"]
    assert triggers(unused_for(7, left=True, deletable_on=TODAY)) == []
    assert triggers(unused_for(8, left=True, deletable_on=TODAY)) == ["propose_deletion"]


@pytest.mark.parametrize("state", [s.name for s in STATES if s.name not in {"inactive", "expired"}])
def test_only_what_is_inactive_or_expired_is_proposed_for_deletion(state: str) -> None:
    assert triggers(unused_for(99, state=state)) == []
    assert triggers(unused_for(99, state=state, deletable_on=TODAY)) == []


def test_what_has_been_unused_since_nobody_knows_when_is_left_alone() -> None:
    assert triggers(Dates("inactive")) == []
