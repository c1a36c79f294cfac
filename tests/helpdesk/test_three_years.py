"""Three years in the life of licenses of every kind, by a moved clock.

An almanac that is worked out from HAND's rules alone says what must happen on which day. The desk's
history and its mails must be exactly that, whoever ran the sweep how often, and the licenses must
end as though it had run every morning.
"""

from collections.abc import Iterator
from datetime import datetime

import pytest

from helpdesk.services.sweep.run import sweep
from helpdesk.transaction import release
from tests.factories import Cast
from tests.helpdesk.years import almanac, sweeps
from tests.helpdesk.years.almanac import Almanac
from tests.helpdesk.years.desk import Desk
from tests.helpdesk.years.lives import Deed, Life
from tests.helpdesk.years.page import Entry, Page, Readers
from tests.helpdesk.years.people import everybody
from tests.support.fakes import FakeClock

SEED = 2026
PAST_THE_LEAP_DAY = 500

BY_THE_CALENDAR = {"remind", "expire", "notice_idle", "inactivate", "take_leave", "end_leave",
                   "depart", "miss_log_in", "lapse", "warn_deletion",
                   "propose_deletion", "move"}  # fmt: skip


def test_three_years_of_missed_and_doubled_sweeps_bring_every_mail_and_state_on_its_day(
    cast: Cast, clock: FakeClock
) -> None:
    desk = lives_through(sweeps.badly_kept(SEED), cast, clock)
    for page in foretold(everybody(SEED), sweeps.daily(), desk.readers()):
        assert desk.facts(page.name) == page.facts, page.name


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_sweep_each_morning_does_so_too_past_a_leap_day(
    database: str, cast: Cast, clock: FakeClock
) -> None:
    desk = lives_through(sweeps.daily()[:PAST_THE_LEAP_DAY], cast, clock)
    for page in foretold(everybody(SEED), sweeps.daily()[:PAST_THE_LEAP_DAY], desk.readers()):
        assert desk.facts(page.name) == page.facts, page.name


def test_late_sweeps_leave_out_reminders_and_change_no_end() -> None:
    lives, readers = everybody(SEED), Readers(("ann",), ("bea",), ("sam",))
    late, daily = (foretold(lives, runs, readers)
                   for runs in (sweeps.badly_kept(SEED), sweeps.daily()))  # fmt: skip
    assert [page.facts for page in late] == [page.facts for page in daily]
    assert {entry.what for entry in written(late)} >= BY_THE_CALENDAR
    assert len(written(late)) < len(written(daily))


def lives_through(runs: list[datetime], cast: Cast, clock: FakeClock) -> Desk:
    lives = everybody(SEED)
    desk = Desk(cast, lives)
    for at, deed in timeline(lives, runs):
        clock.now = at
        if deed is not None:
            desk.do(deed)
        else:
            assert sweep().well
            release()
    assert desk.history() == written(foretold(lives, runs, desk.readers()))
    return desk


def foretold(lives: list[Life], runs: list[datetime], readers: Readers) -> list[Page]:
    """The page of each life in the almanac."""
    books = {life.name: Almanac(Page(life, readers)) for life in lives}
    for at, deed in timeline(lives, runs):
        if deed is not None:
            almanac.do(books[deed.who].page, deed)
        else:
            for book in books.values():
                book.sweep(at)
    return [book.page for book in books.values()]


def written(pages: list[Page]) -> list[Entry]:
    return sorted(entry for page in pages for entry in page.entries)


def timeline(
    lives: list[Life], runs: list[datetime]
) -> Iterator[tuple[datetime, Deed | None]]:
    """What people do, and the sweeps (None). By the clock, but for a sweep whose clock was set
    back: it comes after the one before."""
    deeds = sorted(deed for life in lives for deed in life.deeds)
    for at in runs:
        while deeds and deeds[0].at <= at:
            deed = deeds.pop(0)
            yield deed.at, deed
        yield at, None
