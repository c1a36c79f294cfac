"""Who is there in the three years: some of every kind."""

from collections.abc import Iterator
from datetime import date

from tests.helpdesk.years.lives import BEGIN, DAY, Life, Writer

LEAP_DAY = date(2028, 2, 29)


def everybody(seed: int) -> list[Life]:
    return [*_who_live_on(seed), *_around_a_leap_day(seed), *_who_leave(seed), *_who_stop(seed)]


def _who_live_on(seed: int) -> Iterator[Life]:
    for number, ends_in in enumerate((20, 75, 170, 290)):
        writer = Writer(f"random.{number}", seed, BEGIN + ends_in * DAY, idle=number * 8)
        writer.logs_in(1, 5)
        writer.lives_on()
        yield writer.finish(email=number != 1, admin=number == 2)
    back = Writer("renewed.from.leave", seed, BEGIN + 40 * DAY)
    back.do("leave", BEGIN + 5 * DAY, BEGIN + 100 * DAY)
    back.day = BEGIN + 70 * DAY
    back.do("renew", BEGIN + 65 * DAY)
    yield back.finish()
    endless = Writer("no.expiry", seed)
    endless.lives_on()
    yield endless.finish()


def _around_a_leap_day(seed: int) -> Iterator[Life]:
    """One whose license ends on it, and who did a course on it; one who did a course a year ago."""
    leap = Writer("leap.day", seed, LEAP_DAY)
    leap.renews(date(2028, 3, 15), LEAP_DAY, date(2028, 3, 1))
    leap.lives_on()
    yield leap.finish()
    before = Writer("day.before", seed, date(2027, 3, 1))
    before.renews(date(2027, 3, 1), date(2027, 2, 28))
    before.renews(date(2028, 2, 28), date(2028, 2, 28))
    yield before.finish()


def _who_leave(seed: int) -> Iterator[Life]:
    for ahead in (-3, 0, 1, 40):
        writer = Writer(f"leaves.{ahead}", seed, BEGIN + 150 * DAY)
        writer.logs_in_until(BEGIN + 60 * DAY)
        writer.leaves(ahead)
        if ahead == 0:
            writer.on(110, "delete").on(300, "rehire", BEGIN + 660 * DAY)
        yield writer.finish()
    moves = Writer("moves", seed, BEGIN + 150 * DAY)
    moves.logs_in_until(BEGIN + 30 * DAY)
    moves.do("move", BEGIN + 50 * DAY)
    moves.logs_in_until(BEGIN + 100 * DAY)
    yield moves.finish()
    away = Writer("leaves.from.leave", seed, BEGIN + 250 * DAY)
    away.do("leave", BEGIN + 5 * DAY, BEGIN + 90 * DAY)
    away.day = BEGIN + 30 * DAY
    away.leaves(20)
    yield away.finish()


def _who_stop(seed: int) -> Iterator[Life]:
    """Staff decide on some whom the desk proposes to delete, and leave others where they are."""
    never_seen = Writer("never.seen", seed, BEGIN + 100 * DAY, idle=None)
    yield never_seen.on(210, "keep").finish()
    yield Writer("nothing.known", seed, None, idle=None).finish()
    idle_first = Writer("idle.first", seed, BEGIN + 90 * DAY, idle=33)
    yield idle_first.on(120, "keep").on(230, "delete").finish()
    yield Writer("same.day", seed, BEGIN + 35 * DAY).finish()
    expires = Writer("expires.only", seed, BEGIN + 200 * DAY)
    expires.logs_in_until(BEGIN + 200 * DAY)
    yield expires.finish()
    suspended = Writer("suspended", seed, BEGIN + 45 * DAY)
    suspended.do("suspend")
    yield suspended.on(90, "lift").finish()
    cleared = Writer("suspended.a.while", seed, BEGIN + 300 * DAY)
    yield cleared.on(1, "suspend").on(21, "lift").on(22, "log_in").finish()
    for_good = Writer("suspended.for.good", seed, BEGIN + 60 * DAY)
    yield for_good.on(1, "suspend").finish()
