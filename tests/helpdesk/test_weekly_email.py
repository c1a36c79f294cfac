"""The weekly email to agency admins: one a week, never an empty one, of their own people alone."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from helpdesk.actor import Actor
from helpdesk.extensions import db
from helpdesk.models.account import Account
from helpdesk.models.effect import Effect
from helpdesk.models.license import License
from helpdesk.models.person import Person
from helpdesk.models.role import Grant, Role
from helpdesk.services import accounts, agencies, digests, roles
from helpdesk.services.facts import today
from helpdesk.services.sweep.report import Taken
from helpdesk.services.sweep.run import daily
from helpdesk.transaction import transaction
from tests import factories
from tests.factories import Cast
from tests.helpdesk.conftest import Race
from tests.support.fakes import FakeClock
from workflows import license as life
from workflows.common import WAITING
from workflows.guards import RECERTIFY

WEEK = timedelta(days=7)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def monday(clock: FakeClock) -> FakeClock:
    return clock


def weekly(to: Actor) -> list[Effect]:
    query = db.session.query(Effect).filter(Effect.key.startswith("weekly:"))
    return query.filter_by(person_id=to.person_id).order_by(Effect.id).all()


def says(to: Actor) -> dict[str, Any]:
    (letter,) = weekly(to)
    found: dict[str, Any] = letter.payload["says"]
    return found


def runs_out(about: Person, days: int) -> None:
    with transaction() as session:
        row = session.query(License).filter_by(person_id=about.id).one()
        row.expires_on, row.last_login_at = today() + timedelta(days=days), None


def test_it_says_what_there_is_to_do_by_kind_the_most_urgent_first(cast: Cast) -> None:
    ticket = factories.ticket(WAITING, by=cast, type=RECERTIFY)
    locked = factories.licensee(life.LOCKED, of=cast.agency)
    soon = factories.licensee(life.ACTIVE, of=cast.agency)
    runs_out(soon, 20)
    factories.licensee(life.ACTIVE, of=cast.agency)
    daily()
    told = says(cast.admin)
    assert (told["now_count"], told["soon_count"]) == (2, 1)
    about = db.session.get_one(Person, ticket.person_id)
    assert [(group["heading"], group["lines"]) for group in told["groups"]] == [
        ("HAND waits for your answer", [f"{about.name}: {ticket.number}, Recertification"]),
        ("Locked: file Request New Password", [locked.name]),
        ("Runs out soon: file Recertification", [f"{soon.name}: Dec 13, 2026"]),
    ]


def test_nobody_of_another_agency_is_in_it(cast: Cast) -> None:
    factories.licensee(life.LOCKED, of=cast.agency)
    theirs, other = factories.cast(), factories.licensee(life.LOCKED)
    with transaction() as session:
        session.query(License).filter_by(person_id=other.id).one().agency_id = theirs.agency.id
    daily()
    assert other.name not in str(says(cast.admin))
    assert other.name in str(says(theirs.admin))


def test_one_with_nothing_to_do_gets_none_and_is_asked_again_next_week(
    cast: Cast, clock: FakeClock
) -> None:
    factories.licensee(life.ACTIVE, of=cast.agency)
    daily()
    factories.licensee(life.LOCKED, of=cast.agency)
    daily()
    assert weekly(cast.admin) == []
    clock.pass_by(WEEK)
    daily()
    assert len(weekly(cast.admin)) == 1


def test_once_a_week_however_often_and_whenever_the_sweep_runs(
    cast: Cast, clock: FakeClock
) -> None:
    factories.licensee(life.LOCKED, of=cast.agency)
    for _ in range(20):
        daily()
        clock.pass_by(DAY)
    assert len(weekly(cast.admin)) == 3
    clock.pass_by(-WEEK)
    daily()
    assert len(weekly(cast.admin)) == 3


def test_a_week_whose_monday_was_missed_is_made_up_for(cast: Cast, clock: FakeClock) -> None:
    factories.licensee(life.LOCKED, of=cast.agency)
    daily()
    clock.pass_by(WEEK + 3 * DAY)
    daily()
    clock.pass_by(4 * DAY)
    daily()
    assert len(weekly(cast.admin)) == 3


@pytest.mark.parametrize("begin", ["upgraded", "granted", "switched on"])
def test_who_begins_in_the_middle_of_a_week_gets_the_first_on_a_monday(
    cast: Cast, clock: FakeClock, begin: str
) -> None:
    factories.licensee(life.LOCKED, of=cast.agency)
    clock.pass_by(3 * DAY)
    new = factories.admin(cast.agency)
    if begin == "granted":
        with transaction() as session:
            session.query(Grant).filter_by(person_id=new.person_id).delete()
            had = session.query(Account).filter_by(person_id=new.person_id).one()
            had.weekly_until = today() - 30 * DAY
        roles.grant(new.person_id or 0, Role.AGENCY_ADMIN, cast.agency.id, cast.joan)
    if begin == "switched on":
        for on in (False, True):
            digests.switch(new.person_id or 0, on)
    for mails in (0, 0, 0, 0, 1):
        daily()
        assert len(weekly(new)) == mails
        clock.pass_by(DAY)


def test_two_sweeps_at_once_send_one(cast: Cast, race: Race) -> None:
    factories.licensee(life.LOCKED, of=cast.agency)
    reports = race(daily, daily)
    assert sum(report.taken["Send the weekly email"] for report in reports) == 1
    assert len(weekly(cast.admin)) == 1


def test_a_trial_tells_whom_and_sends_nothing(cast: Cast) -> None:
    factories.licensee(life.LOCKED, of=cast.agency)
    told: list[Taken] = []
    daily(told.append, trial=True)
    assert [taken.subject for taken in told if taken.trigger == "weekly"] == [cast.admin.name]
    assert weekly(cast.admin) == []


def test_who_turned_it_off_cannot_sign_in_or_has_no_agency_in_use_gets_none(cast: Cast) -> None:
    factories.licensee(life.LOCKED, of=cast.agency)
    manager = factories.staff(manager=True)
    off, out = factories.admin(cast.agency), factories.admin(cast.agency)
    nowhere = factories.cast()
    factories.licensee(life.LOCKED, of=nowhere.agency)
    digests.switch(off.person_id or 0, False)
    accounts.set_disabled(out.person_id or 0, True, manager)
    agencies.set_active(nowhere.agency.id, False, manager)
    daily()
    assert [len(weekly(each)) for each in (cast.admin, off, out, nowhere.admin)] == [1, 0, 0, 0]


def test_of_many_the_first_are_named(cast: Cast) -> None:
    for _ in range(digests.SHOWN + 1):
        factories.licensee(life.LOCKED, of=cast.agency)
    daily()
    (group,) = says(cast.admin)["groups"]
    assert (len(group["lines"]), group["more"]) == (digests.SHOWN, True)


def test_of_very_many_each_kind_says_that_there_are_more(cast: Cast) -> None:
    with transaction():
        for _ in range(45):
            factories.licensee(life.EXPIRED, of=cast.agency)
        for _ in range(digests.SHOWN + 5):
            factories.licensee(life.LOCKED, of=cast.agency)
        factories.licensee(life.INACTIVE, of=cast.agency)
    daily()
    told = [(len(g["lines"]), g["more"]) for g in says(cast.admin)["groups"]]
    assert told == [(digests.SHOWN, True), (digests.SHOWN, True), (1, False)]
    assert says(cast.admin)["now_count"] == 61


def test_the_link_is_of_its_owner_and_made_up_ones_are_nobodys(app: Flask, cast: Cast) -> None:
    token = digests.off_path(cast.admin.person_id or 0).rpartition("/")[2]
    account = digests.bearer(db.session(), token)
    assert isinstance(account, Account)
    assert account.person_id == cast.admin.person_id
    for made_up in ("", "x", token[:-3], "x" + token):
        assert digests.bearer(db.session(), made_up) is None
