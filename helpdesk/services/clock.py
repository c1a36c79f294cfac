"""When a ticket is due: HAND's business hours laid over its history."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

from helpdesk.extensions import now, settings
from workflows import hours
from workflows.ticket_type import TicketType

Stop = tuple[datetime, str]
"""When a ticket came to a state."""


def business_hours() -> hours.BusinessHours:
    config = settings()
    return _hours(config.HOLIDAYS, config.TIMEZONE, config.OPENS, config.CLOSES)


@cache
def _hours(country: str, zone: str, opens: time, closes: time) -> hours.BusinessHours:
    off = holidays.country_holidays(country)

    def is_holiday(day: date) -> bool:
        return day in off

    return hours.BusinessHours(ZoneInfo(zone), opens, closes, is_holiday)


def target(kind: TicketType) -> timedelta:
    return business_hours().day * kind.target_days


def due_at(kind: TicketType, path: Iterable[Stop]) -> datetime | None:
    """None while the clock stands: the ticket waits on the agency, or it has ended."""
    return hours.due(business_hours(), _stretches(kind, path), target(kind))


def time_left(kind: TicketType, path: Iterable[Stop]) -> timedelta:
    """Business time still to go; negative when the target is missed."""
    return hours.left(business_hours(), _stretches(kind, path), target(kind), now())


def _stretches(kind: TicketType, path: Iterable[Stop]) -> list[hours.Stretch]:
    """In a state of the past that nobody knows any more, the clock ran."""
    states = kind.workflow.states
    runs = {name: state.clock_runs for name, state in states.items()}
    return hours.stretches((moment, runs.get(state, True)) for moment, state in path)
