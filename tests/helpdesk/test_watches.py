"""The watch after a reactivation: a missing log-in is told to the agency and to HAND, once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from helpdesk.actor import THE_DESK
from helpdesk.extensions import db
from helpdesk.models.event import license_history
from helpdesk.models.license import License, license_of
from helpdesk.models.person import Person
from helpdesk.services import licenses, sign_in
from helpdesk.services.sweep.run import sweep
from tests import factories
from tests.factories import PASSWORD, Cast
from tests.helpdesk.conftest import Dump, Race
from tests.helpdesk.owed import effects, name_of
from tests.support.fakes import START, FakeClock
from workflows import license as life

pytestmark = pytest.mark.usefixtures("clock")

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
DumpNow = Callable[[], Dump]


def row_of(person: Person) -> License:
    row = license_of(db.session(), person.id)
    assert row is not None
    db.session.refresh(row)
    return row


def missed() -> int:
    """Sweeps; how many log-ins were found missing."""
    return sweep().taken["Note the missing log-in"]


def misses(person: Person) -> int:
    events = license_history(db.session(), row_of(person).id)
    return sum(event.trigger == "miss_log_in" for event in events)


def letters() -> list[tuple[str, int]]:
    return [(name_of(effect), effect.person_id) for effect in effects(status="due")]


def reactivated(cast: Cast, **about: Any) -> Person:
    person = factories.licensee(life.INACTIVE, of=cast.agency, **about)
    licenses.act(row_of(person).id, "reactivate", THE_DESK)
    return person


@pytest.fixture
def rita(cast: Cast) -> Person:
    return reactivated(cast, password=PASSWORD)


def test_a_reactivated_license_is_watched_for_a_day(rita: Person, clock: FakeClock) -> None:
    assert row_of(rita).log_in_by == START + DAY
    clock.pass_by(DAY)
    assert missed() == 0
    assert letters() == []


def test_whoever_misses_it_is_told_of_to_the_agencys_admins_and_to_hand(
    rita: Person, cast: Cast, clock: FakeClock
) -> None:
    factories.admin(factories.agency())
    second = factories.admin(cast.agency)
    clock.pass_by(DAY + SECOND)
    assert missed() == 1
    admins = {cast.admin.person_id, second.person_id}
    hand = {cast.sam.person_id, cast.joan.person_id}
    assert {name for name, _ in letters()} == {"log_in_missed"}
    assert sorted(who for _, who in letters()) == sorted(admins | hand)  # type: ignore[type-var]
    row = row_of(rita)
    assert (row.state, row.log_in_by, misses(rita)) == (life.ACTIVE, None, 1)


def test_it_is_told_once(rita: Person, clock: FakeClock, dump: DumpNow) -> None:
    clock.pass_by(2 * DAY)
    missed()
    before = dump()
    clock.pass_by(DAY)
    assert missed() == 0
    assert dump() == before


def test_two_schedulers_tell_it_once(rita: Person, race: Race, clock: FakeClock) -> None:
    clock.pass_by(2 * DAY)
    assert sorted(race(*[missed] * 4)) == [0, 0, 0, 1]
    assert misses(rita) == 1
    assert len(letters()) == 3


def test_a_log_in_ends_the_watch(rita: Person, clock: FakeClock) -> None:
    clock.pass_by(DAY - SECOND)
    assert isinstance(sign_in.sign_in(rita.username or "", PASSWORD, "10.0.0.1"), sign_in.SignedIn)
    assert (row_of(rita).log_in_by, row_of(rita).last_login_at) == (None, clock())
    clock.pass_by(DAY)
    assert missed() == 0


def test_a_wrong_password_does_not(rita: Person, clock: FakeClock) -> None:
    assert isinstance(sign_in.sign_in(rita.username or "", "wrong", "10.0.0.1"), sign_in.Failed)
    clock.pass_by(2 * DAY)
    assert missed() == 1


def test_a_log_in_after_it_was_missed_changes_nothing_more(
    rita: Person, clock: FakeClock
) -> None:
    clock.pass_by(2 * DAY)
    missed()
    sign_in.sign_in(rita.username or "", PASSWORD, "10.0.0.1")
    clock.pass_by(9 * DAY)
    assert missed() == 0
    assert misses(rita) == 1


def test_a_second_reactivation_is_watched_anew(rita: Person, clock: FakeClock) -> None:
    clock.pass_by(2 * DAY)
    missed()
    for step in ("inactivate", "reactivate"):
        licenses.act(row_of(rita).id, step, THE_DESK)
    clock.pass_by(2 * DAY)
    assert (missed(), misses(rita)) == (1, 2)


def test_a_deleted_license_is_not_waited_for(rita: Person, clock: FakeClock) -> None:
    licenses.act(row_of(rita).id, "note_deletion", THE_DESK)
    clock.pass_by(2 * DAY)
    assert missed() == 0
    assert letters() == []


def test_each_license_is_a_commit_of_its_own(
    rita: Person, cast: Cast, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = reactivated(cast)
    act, calls = licenses.act, []

    def broken_at_the_second(license_id: int, *more: object) -> License:
        calls.append(license_id)
        if len(calls) == 2:
            raise RuntimeError("the power went")
        return act(license_id, *more)  # type: ignore[arg-type]

    clock.pass_by(2 * DAY)
    monkeypatch.setattr(licenses, "act", broken_at_the_second)
    report = sweep()
    assert (sum(report.taken.values()), report.failed, report.well) == (1, 1, False)
    assert (misses(rita), misses(other)) == (1, 0)
    monkeypatch.setattr(licenses, "act", act)
    assert missed() == 1
    assert (misses(rita), misses(other)) == (1, 1)


def test_the_worker_and_the_sweep_look_for_them(
    app: Flask, rita: Person, cast: Cast, clock: FakeClock
) -> None:
    jobs = app.extensions["jobs"]
    clock.pass_by(2 * DAY)
    jobs._run_sweep()
    assert misses(rita) == 1
    other = reactivated(cast)
    clock.pass_by(2 * DAY)
    app.test_cli_runner().invoke(args=["sweep"])
    db.session.rollback()
    assert misses(other) == 1
