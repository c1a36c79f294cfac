"""When a ticket is due: business hours in Detroit, the clock standing while the agency is asked."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from tests import factories
from tests.factories import Cast
from tests.support.fakes import FakeClock
from workflows import common

DETROIT = ZoneInfo("America/Detroit")


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    """A moment of 2026 on Detroit's wall clock. November 26 is Thanksgiving."""
    return datetime(2026, month, day, hour, minute, tzinfo=DETROIT).astimezone(UTC)


def test_a_password_is_due_eight_business_hours_after_filing(cast: Cast, clock: FakeClock) -> None:
    clock.now = at(23, 10)
    assert factories.ticket(by=cast).due_at == at(24, 10)


def test_nights_weekends_and_holidays_do_not_count(cast: Cast, clock: FakeClock) -> None:
    clock.now = at(25, 16)  # an hour is left, Thanksgiving is off, Friday is not
    assert factories.ticket(by=cast).due_at == at(27, 16)
    clock.now = at(28, 12)  # a Saturday
    assert factories.ticket(by=cast).due_at == at(30, 17)


def test_the_clock_stands_while_the_ticket_waits_and_goes_on_after(
    cast: Cast, clock: FakeClock
) -> None:
    clock.now = at(23, 10)
    ticket = factories.ticket(by=cast)
    clock.now = at(23, 12)
    factories.step(ticket, "take", cast)
    assert ticket.due_at == at(24, 10)
    clock.now = at(23, 13)  # three hours have run
    assert factories.step(ticket, "ask_for_more", cast).due_at is None
    clock.now = at(25, 9)
    assert factories.step(ticket, "answer", cast).due_at == at(25, 14)


def test_waiting_twice_is_paused_twice(cast: Cast, clock: FakeClock) -> None:
    clock.now = at(23, 9)
    ticket = factories.ticket(common.WAITING, by=cast)
    for day in (24, 25):
        clock.now = at(day, 9)
        factories.step(ticket, "answer", cast)
        clock.now = at(day, 12)
        factories.step(ticket, "ask_for_more", cast)
    clock.now = at(30, 9)
    factories.step(ticket, "answer", cast)
    assert ticket.due_at == at(30, 11)


def test_a_target_missed_before_the_question_is_missed_at_once_after_the_answer(
    cast: Cast, clock: FakeClock
) -> None:
    clock.now = at(2, 9)
    ticket = factories.ticket(common.IN_REVIEW, by=cast)
    clock.now = at(5, 9)
    factories.step(ticket, "ask_for_more", cast)
    clock.now = at(10, 11)
    factories.step(ticket, "answer", cast)
    assert ticket.due_at == at(10, 11)


def test_a_step_that_stays_leaves_the_due_time_alone(cast: Cast, clock: FakeClock) -> None:
    clock.now = at(23, 9)
    ticket = factories.ticket(common.IN_REVIEW, by=cast)
    clock.pass_by(timedelta(hours=3))
    factories.step(ticket, "hand_over", cast, assignee=cast.joan.person_id)
    assert ticket.due_at == at(23, 17)


def test_a_day_when_the_clocks_change_is_as_long_as_any_other(
    cast: Cast, clock: FakeClock
) -> None:
    """Detroit falls back on Sunday, November 1; Friday noon to Monday noon is one business day."""
    clock.now = at(30, 12, month=10)
    assert factories.ticket(by=cast).due_at == at(2, 12)


def test_a_ticket_that_has_ended_is_not_due(cast: Cast, clock: FakeClock) -> None:
    assert factories.ticket(common.REJECTED, by=cast).due_at is None
