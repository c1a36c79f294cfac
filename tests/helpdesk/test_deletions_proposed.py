"""The sweep warns of a deletion, then proposes it, to whom it concerns and no one else."""

import pytest
from flask import Flask

from helpdesk.actor import THE_DESK
from helpdesk.extensions import db, settings
from helpdesk.jobs.drain import drain
from helpdesk.models.effect import Kind
from helpdesk.models.person import Person
from helpdesk.services import deletions, licenses
from helpdesk.services.facts import today
from helpdesk.services.sweep.run import sweep
from tests import factories
from tests.factories import PASSWORD, Cast
from tests.helpdesk.calendar import DAY, events, letters, license_row, someone, steps
from tests.helpdesk.conftest import Race
from tests.helpdesk.deletions import A_WEEK, PROPOSED, unused
from tests.support.fakes import FakeClock, FakeMailer
from workflows import license as life
from workflows.dates import in_words
from workflows.guards import REACTIVATE

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def ann(cast: Cast) -> Person:
    """Staff are asked whether to delete her license."""
    return factories.proposed(cast.agency, password=PASSWORD)


@pytest.mark.parametrize("state", [life.INACTIVE, life.EXPIRED])
def test_sixty_days_bring_a_warning_and_a_week_later_the_proposal(
    state: str, cast: Cast, clock: FakeClock
) -> None:
    who = unused(cast, 52, state)
    seen = []
    for _day in range(11):
        seen.append(list(sweep().taken))
        clock.pass_by(DAY)
    assert [names for names in seen if names] == [["Warn of the deletion"], ["Propose to delete"]]
    assert (seen[1], seen[8]) == (["Warn of the deletion"], ["Propose to delete"])
    assert letters() == [("deletion_warning", who.id),
                         ("deletion_warning", cast.admin.person_id)]  # fmt: skip
    assert license_row(who).state == state


def test_however_long_ago_it_was_nobody_is_proposed_unwarned(cast: Cast, clock: FakeClock) -> None:
    who = unused(cast, 400)
    assert dict(sweep().taken) == {"Warn of the deletion": 1}
    clock.pass_by(6 * DAY)
    assert dict(sweep().taken) == {}
    clock.pass_by(DAY)
    assert dict(sweep().taken) == {"Propose to delete": 1}
    assert steps(who)[-2:] == PROPOSED


def test_the_warning_says_from_when_on_and_what_keeps_the_license(
    cast: Cast, mailer: FakeMailer
) -> None:
    who = unused(cast, 53)
    sweep()
    drain(Kind.MAIL)
    own, to_admin = mailer.posted
    day = in_words(today() + A_WEEK)
    assert own.subject == f"Your Community Services license may be deleted from {day} on"
    assert "tell your agency admin" in own.text
    assert f"/requests/new/{REACTIVATE}?person={who.id}" in to_admin.text
    assert "/requests/new" not in own.text


def test_who_has_left_is_warned_the_next_day_and_who_is_on_leave_is_left_alone(
    cast: Cast, clock: FakeClock
) -> None:
    gone, away = someone(cast), someone(cast)
    day = today().isoformat()
    licenses.act(license_row(gone).id, "depart", cast.sam, {"on": day})
    back = (today() + 90 * DAY).isoformat()
    licenses.act(license_row(away).id, "take_leave", cast.sam, {"on": day, "back_on": back})
    assert dict(sweep().taken) == {}
    clock.pass_by(DAY)
    assert dict(sweep().taken) == {"Warn of the deletion": 1}
    clock.pass_by(A_WEEK)
    assert dict(sweep().taken) == {"Propose to delete": 1}
    assert steps(gone)[-2:] == PROPOSED
    clock.pass_by(80 * DAY)
    sweep()
    assert set(PROPOSED).isdisjoint(steps(away))


def test_a_sweep_that_is_run_twice_or_by_two_at_once_proposes_once(
    cast: Cast, race: Race, clock: FakeClock
) -> None:
    who = unused(cast, 53)
    race(sweep, sweep, sweep)
    assert len(letters()) == 2
    clock.pass_by(A_WEEK)
    race(sweep, sweep, sweep)
    assert dict(sweep().taken) == {}
    assert steps(who)[-2:] == PROPOSED


def test_a_dry_run_tells_of_warnings_and_proposals_and_does_nothing(
    app: Flask, cast: Cast, clock: FakeClock
) -> None:
    who = unused(cast, 53)
    admin = db.session.get_one(Person, cast.admin.person_id)

    def dry() -> list[str]:
        result = app.test_cli_runner().invoke(args=["sweep", "--dry-run"])
        return result.output.splitlines()

    assert dry()[0] == (f"Warn of the deletion: {who.name}. Mail to {who.name} <{who.email}>, "
                        f"{admin.name} <{admin.email}>.")  # fmt: skip
    assert steps(who) == ["inactivate"]
    sweep()
    clock.pass_by(A_WEEK)
    assert dry()[0].startswith(f"Propose to delete: {who.name}.")


def test_a_warning_changes_no_license_so_many_of_them_stop_no_sweep(cast: Cast) -> None:
    people = [unused(cast, 53) for _number in range(settings().SWEEP_BRAKE_LEAST + 1)]
    report = sweep()
    assert (report.waits, dict(report.taken)) == (None, {"Warn of the deletion": len(people)})


def test_whoever_is_back_takes_the_proposal_with_them(ann: Person, clock: FakeClock) -> None:
    licenses.act(license_row(ann).id, "reactivate", THE_DESK)
    assert deletions.count(db.session()) == 0
    row = license_row(ann)
    assert (row.deletable_on, row.deletion_proposed_at) == (None, None)


def test_what_is_kept_is_proposed_again_after_as_many_days(
    ann: Person, cast: Cast, clock: FakeClock
) -> None:
    deletions.keep(license_row(ann).id, "She is back in spring.", cast.sam)
    assert (steps(ann)[-1], events(ann)[-1].data) == ("keep", {"message": "She is back in spring."})
    clock.pass_by(52 * DAY)
    assert dict(sweep().taken) == {}
    clock.pass_by(DAY)
    assert dict(sweep().taken) == {"Warn of the deletion": 1}


def test_who_has_left_and_is_kept_has_the_same_days_as_everybody(
    cast: Cast, clock: FakeClock
) -> None:
    who = someone(cast)
    licenses.act(license_row(who).id, "depart", cast.sam, {"on": today().isoformat()})
    for _week in range(2):
        clock.pass_by(A_WEEK + DAY)
        sweep()
    assert steps(who)[-2:] == PROPOSED
    deletions.keep(license_row(who).id, "They may be back in spring.", cast.sam)
    clock.pass_by(52 * DAY)
    assert dict(sweep().taken) == {}
    clock.pass_by(DAY)
    assert dict(sweep().taken) == {"Warn of the deletion": 1}


def test_a_leave_without_a_known_return_is_no_reason_to_delete(
    cast: Cast, clock: FakeClock
) -> None:
    who = someone(cast)
    told = {"on": today().isoformat(), "back_on": None}
    licenses.act(license_row(who).id, "take_leave", cast.sam, told)
    clock.pass_by(200 * DAY)
    assert dict(sweep().taken) == {}
