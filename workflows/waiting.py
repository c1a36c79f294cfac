"""A ticket that waits on the agency: when it is reminded of, and when nobody waits any longer."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from workflows.hours import BusinessHours


@dataclass(frozen=True)
class Patience:
    """HAND's numbers, in business days since it asked last."""

    reminders: tuple[int, ...] = (2, 5)
    close: int = 7


def ends(hours: BusinessHours, asked: datetime, patience: Patience) -> datetime:
    """When a ticket is closed that nobody has answered."""
    return hours.add(asked, hours.day * patience.close)


def reminder(
    hours: BusinessHours,
    asked: datetime,
    sent: Collection[int],
    now: datetime,
    patience: Patience,
) -> int | None:
    """The reminder that is due: the day it is for. Of those that were missed, the nearest only."""
    reached = [day for day in patience.reminders if hours.add(asked, hours.day * day) <= now]
    latest = max(reached, default=None)
    return None if latest is None or max(sent, default=0) >= latest else latest
