"""When the sweep runs in three years: on every day, or as it comes on a machine that is looked
after badly."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from tests.helpdesk.years.lives import BEGIN, DAY, END, LATEST, ZONE, moment


def daily() -> list[datetime]:
    return [*(_at(day, time(6)) for day in _days()), LAST]


def badly_kept(seed: int) -> list[datetime]:
    """Days without any, days with several, at any hour; some by a clock that has been set back. In
    the nights in which the clocks are changed it runs before and after."""
    rng, missed = Random(seed), 0  # noqa: S311  chance, not a secret
    runs: list[datetime] = []
    for day in _days():
        if _clocks_change(day):
            runs += [_at(day, time(1, 30)), _at(day, time(1, 30), fold=1), _at(day, time(3, 30))]
            missed = 0
        elif missed:
            missed -= 1
        else:
            runs += _of_one_day(day, rng)
            missed = rng.randint(1, LATEST) if rng.random() < 0.4 else 0
    return [*runs, LAST]


def _of_one_day(day: date, rng: Random) -> Iterator[datetime]:
    at = moment(day, rng)
    yield at
    if rng.random() < 0.15:
        yield at
    if rng.random() < 0.1:
        yield at - timedelta(hours=rng.randint(1, 3))


def _days() -> Iterator[date]:
    day = BEGIN
    while day < END:
        yield day
        day += DAY


def _clocks_change(day: date) -> bool:
    return _at(day, time(0)).utcoffset() != _at(day, time(23)).utcoffset()


def _at(day: date, hour: time, fold: int = 0) -> datetime:
    return datetime.combine(day, hour, ZONE).replace(fold=fold).astimezone(UTC)


LAST = _at(END, time(6))
