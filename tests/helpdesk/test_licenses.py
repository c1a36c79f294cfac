"""A license's facts add up; the state is the strongest of them, and every change has its event."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from helpdesk.actor import THE_DESK
from helpdesk.extensions import db
from helpdesk.models.event import license_history
from helpdesk.models.license import License, license_of
from helpdesk.models.person import Person
from helpdesk.services import licenses
from tests import factories
from tests.factories import ANY_STAFF
from tests.helpdesk.conftest import Dump, Race
from tests.helpdesk.owed import effects, name_of
from tests.support.fakes import START, FakeClock
from workflows import license as life
from workflows.engine import Refused, Undeclared

OF_NO_AGENCY = life.LicenseFacts(unassigned=True)
WHY = {"message": "A shared password."}

pytestmark = pytest.mark.usefixtures("app_context", "clock")

DumpNow = Callable[[], Dump]


def license_row(of: Person) -> License:
    row = license_of(db.session(), of.id)
    assert row is not None
    return row


@pytest.mark.parametrize("state", factories.LICENSE_STEPS)
def test_a_license_comes_to_every_state_with_one_event_a_step(state: str) -> None:
    row = license_row(factories.licensee(state))
    events = license_history(db.session(), row.id)
    assert (row.state, row.version) == (state, len(events))
    assert [event.trigger for event in events] == list(factories.LICENSE_STEPS[state])
    assert [event.version for event in events] == list(range(1, len(events) + 1))


def test_taking_away_one_fact_shows_the_next() -> None:
    row = license_row(factories.licensee(life.LOCKED))
    for step in ("inactivate", "expire", "suspend"):
        licenses.act(row.id, step, ANY_STAFF if step == "suspend" else THE_DESK, WHY)
    assert row.state == life.SUSPENDED
    seen = []
    for step in ("lift", "extend", "unlock"):
        licenses.act(row.id, step, ANY_STAFF if step == "lift" else THE_DESK, WHY)
        seen.append(row.state)
    assert seen == [life.EXPIRED, life.LOCKED, life.ACTIVE]
    assert row.facts == OF_NO_AGENCY


def test_a_weaker_fact_leaves_the_state_and_still_has_its_event() -> None:
    row = license_row(factories.licensee(life.EXPIRED))
    licenses.act(row.id, "lock", THE_DESK)
    assert (row.state, row.facts.locked) == (life.EXPIRED, True)
    last = license_history(db.session(), row.id)[-1]
    assert (last.trigger, last.from_state, last.to_state) == ("lock", "expired", "expired")


def test_a_fact_that_holds_keeps_the_moment_at_which_it_began(clock: FakeClock) -> None:
    row = license_row(factories.licensee(life.LOCKED))
    clock.pass_by(timedelta(days=1))
    licenses.act(row.id, "lock", THE_DESK)
    assert row.locked_at == START


def test_locking_owes_the_licensee_one_mail() -> None:
    maria = factories.licensee(life.ACTIVE)
    licenses.act(license_row(maria).id, "lock", THE_DESK)
    (letter,) = effects(status="due")
    assert (name_of(letter), letter.person_id) == ("locked", maria.id)


def test_nobody_without_an_address_is_written_to() -> None:
    gail = factories.licensee(life.ACTIVE, email=factories.NO_EMAIL)
    licenses.act(license_row(gail).id, "lock", THE_DESK)
    assert effects() == []


@pytest.mark.parametrize(
    ("state", "trigger"),
    [
        (life.ABSENT, "create"),
        (life.ABSENT, "unlock"),
        (life.REQUESTED, "lock"),
        (life.DELETED, "unlock"),
        (life.ACTIVE, "lift"),
        (life.ACTIVE, "request"),
        (life.ACTIVE, "to_deleted"),
    ],
)
def test_undeclared_steps_change_nothing(dump: DumpNow, state: str, trigger: str) -> None:
    row = license_row(factories.licensee(state))
    before = dump()
    with pytest.raises(Undeclared):
        licenses.act(row.id, trigger, THE_DESK)
    assert dump() == before


def test_only_a_manager_lifts_a_suspension(dump: DumpNow) -> None:
    row = license_row(factories.licensee(life.SUSPENDED))
    sam = factories.staff()
    before = dump()
    with pytest.raises(Refused, match="a HAND manager"):
        licenses.act(row.id, "lift", sam, WHY)
    assert dump() == before


def test_deleting_and_hiring_again_begins_without_the_old_facts(clock: FakeClock) -> None:
    row = license_row(factories.licensee(life.LOCKED))
    licenses.act(row.id, "note_deletion", THE_DESK)
    clock.pass_by(timedelta(days=30))
    licenses.act(row.id, "request", THE_DESK)
    licenses.act(row.id, "create", THE_DESK)
    assert (row.state, row.facts, row.deleted_at) == (life.ACTIVE, OF_NO_AGENCY, None)
    assert row.issued_at == clock.now


def test_racing_steps_are_taken_one_after_the_other(race: Race) -> None:
    row = license_row(factories.licensee(life.ACTIVE))
    license_id, version = row.id, row.version
    steps = ["lock", "inactivate", "expire", "unlock"] * 2
    race(*(lambda step=step: licenses.act(license_id, step, THE_DESK).id for step in steps))
    events = license_history(db.session(), license_id)
    db.session.refresh(row)
    assert len(events) == version + 8
    assert [event.version for event in events] == list(range(1, row.version + 1))
    assert (row.facts.inactive, row.facts.expired) == (True, True)
    assert row.state == life.EXPIRED
