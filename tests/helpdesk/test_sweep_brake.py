"""The brake: a sweep that would change more than 5 % of all licenses waits for a manager."""

from collections.abc import Callable

import pytest
from flask import Flask

from helpdesk.actor import Actor
from helpdesk.extensions import db
from helpdesk.models.person import Person
from helpdesk.models.sweep_hold import SweepHold
from helpdesk.services import absences
from helpdesk.services.absences import Absence, Report
from helpdesk.services.facts import today
from helpdesk.services.sweep import brake
from helpdesk.services.sweep.report import Load
from helpdesk.services.sweep.run import sweep
from tests import factories
from tests.factories import Cast
from tests.helpdesk.calendar import (
    DAY,
    change,
    letters,
    license_row,
    roster_tells_of,
    someone,
    steps,
)
from tests.helpdesk.conftest import Dump, Race
from tests.support.apps import MakeApp
from tests.support.fakes import FakeClock
from workflows import license as life

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def manager(cast: Cast) -> Actor:
    return factories.staff(manager=True)


@pytest.fixture
def lapsed(cast: Cast, manager: Actor) -> list[Person]:
    """Six licenses that are to expire, out of eight: one more than may."""
    someone(cast, ends_in=90)
    someone(cast, ends_in=7)
    return [someone(cast, ends_in=-1) for _number in range(6)]


def holds() -> list[SweepHold]:
    db.session.rollback()
    return list(db.session.query(SweepHold).order_by(SweepHold.id))


def states(people: list[Person]) -> set[str]:
    return {license_row(person).state for person in people}


def test_it_changes_nobody_and_asks_the_managers_once(
    lapsed: list[Person], manager: Actor
) -> None:
    report = sweep()
    assert (report.waits, report.well, report.taken) == (Load(6, 8), False, {})
    assert states(lapsed) == {life.ACTIVE}
    assert letters() == [("sweep_waits", manager.person_id)]
    sweep()
    assert len(letters()) == len(holds()) == 1


def test_a_manager_lets_it_run_and_the_brake_is_set_again(
    lapsed: list[Person], manager: Actor
) -> None:
    sweep()
    assert brake.release(holds()[0].id, manager)
    assert not brake.release(holds()[0].id, manager)
    report = sweep()
    assert (report.well, sum(report.taken.values())) == (True, 7)
    assert states(lapsed) == {life.EXPIRED}
    (hold,) = holds()
    assert (hold.waits, hold.released_by_id) == (None, manager.person_id)
    assert hold.ended_at is not None


def test_once_it_would_change_fewer_it_goes_on_by_itself(lapsed: list[Person]) -> None:
    sweep()
    change(lapsed[0], expires_on=today() + 90 * DAY)
    assert sweep().well
    assert states(lapsed[1:]) == {life.EXPIRED}
    assert [(hold.waits, hold.released_at) for hold in holds()] == [(None, None)]


def test_what_no_manager_has_seen_is_not_let_through(
    lapsed: list[Person], cast: Cast, manager: Actor
) -> None:
    sweep()
    brake.release(holds()[0].id, manager)
    others = [someone(cast, ends_in=-1) for _number in range(6)]
    assert sweep().waits == Load(12, 14)
    assert states(lapsed + others) == {life.ACTIVE}
    assert [hold.waits for hold in holds()] == [None, True]
    assert len(letters()) == 2


def test_the_page_shows_how_many_it_would_be_now(lapsed: list[Person], cast: Cast) -> None:
    sweep()
    someone(cast, ends_in=-1)
    sweep()
    assert [(hold.changes, hold.held) for hold in holds()] == [(7, 9)]


def test_reminders_alone_never_brake(cast: Cast) -> None:
    people = [someone(cast, ends_in=7) for _number in range(9)]
    assert sweep().well
    assert [steps(person) for person in people] == [["remind"]] * 9


@pytest.mark.parametrize(
    ("changes", "held", "waits"),
    [(5, 5, False), (6, 6, True), (6, 100, True), (5, 100, False), (50, 1000, False),
     (51, 1000, True), (0, 0, False)],
)  # fmt: skip
def test_more_than_five_percent_and_more_than_five_wait(
    changes: int, held: int, waits: bool, cast: Cast
) -> None:
    assert brake.stops(Load(changes, held)) is waits


def test_numbers_are_a_sites_own(make_app: MakeApp) -> None:
    with make_app(SWEEP_BRAKE_PERCENT=50, SWEEP_BRAKE_LEAST=1).app_context():
        assert not brake.stops(Load(50, 100))
        assert brake.stops(Load(51, 100))


def test_four_sweeps_at_once_ask_once(lapsed: list[Person], race: Race) -> None:
    reports = race(*[sweep] * 4)
    assert [(report.waits, report.failed) for report in reports] == [(Load(6, 8), 0)] * 4
    assert len(holds()) == len(letters()) == 1


def test_tickets_are_not_held_up(lapsed: list[Person], cast: Cast, clock: FakeClock) -> None:
    ticket = factories.ticket("waiting", by=cast)
    clock.pass_by(2 * DAY)
    assert dict(sweep().taken) == {"Remind": 1}
    assert ticket.id


def test_who_was_reported_to_leave_leaves_though_the_rest_waits(
    lapsed: list[Person], cast: Cast, clock: FakeClock
) -> None:
    gone = someone(cast, ends_in=90)
    absences.report(license_row(gone).id, Report(Absence.DEPARTURE, today() + DAY), cast.admin)
    clock.pass_by(2 * DAY)
    assert dict(sweep().taken) == {"Report a departure": 1}
    assert (states([gone]), states(lapsed)) == ({life.INACTIVE}, {life.ACTIVE})


def test_the_command_says_so_and_a_dry_run_tells_who_it_would_be(
    app: Flask, lapsed: list[Person], dump: Callable[[], Dump]
) -> None:
    before = dump()
    result = app.test_cli_runner().invoke(args=["sweep", "--dry-run"])
    lines = result.output.splitlines()
    assert result.exit_code == 1
    assert sum(line.startswith("Expire: Person") for line in lines) == 6
    words = "Waits for a manager: 6 of 8 licenses would change (75 %)."
    assert f"{words} Without one, not one is." in lines
    assert dump() == before
    result = app.test_cli_runner().invoke(args=["sweep"])
    assert result.exit_code == 1
    assert "Not one was changed." in result.output
    assert states(lapsed) == {life.ACTIVE}


def test_staff_are_told_once_that_log_ins_have_grown_old(make_app: MakeApp) -> None:
    clock = FakeClock()
    app = make_app(DIRECTORY="manual")
    app.extensions["clock"] = clock
    with app.app_context():
        cast = factories.cast()
        roster_tells_of([])
        clock.pass_by(7 * DAY)
        assert sweep().well
        clock.pass_by(DAY)
        reports = [sweep(), sweep()]
        assert [report.log_ins_old for report in reports] == [True, True]
        assert sorted(letters()) == sorted(
            ("log_ins_old", actor.person_id) for actor in (cast.sam, cast.joan)
        )
