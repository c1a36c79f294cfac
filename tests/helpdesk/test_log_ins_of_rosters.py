"""As of when log-ins are known: at the desk itself always, elsewhere as the last roster tells."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.ctx import AppContext
from sqlalchemy import select

from helpdesk.extensions import db, now, settings
from helpdesk.models.import_run import ImportRun
from helpdesk.models.license import License
from helpdesk.models.person import Person
from helpdesk.services import log_ins
from helpdesk.services.imports.undo import undo
from helpdesk.services.sweep.calendar import TOLD
from helpdesk.transaction import transaction
from tests import factories
from tests.helpdesk.imports import AS_OF
from tests.helpdesk.roster_csv import applied, begun, member, taken_over, text_of
from tests.support.fakes import FakeClock

pytestmark = pytest.mark.usefixtures("app_context", "clock")


@pytest.fixture
def elsewhere(app: Flask, app_context: AppContext, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.extensions, "settings", replace(settings(), DIRECTORY="manual"))


def told_of(username: str) -> date | None:
    """The day of which a roster told the log-ins of somebody last."""
    query = select(TOLD).select_from(License).join(Person, Person.id == License.person_id)
    day: date | None = db.session.scalar(query.where(Person.username == username))
    return day


def on(day: int, run: ImportRun) -> ImportRun:
    """It tells of that day of November."""
    with transaction() as session:
        session.get_one(ImportRun, run.id).as_of = date(2026, 11, day)
    return run


def test_where_accounts_are_ours_log_ins_are_known_at_once() -> None:
    assert log_ins.known_as_of() == now()


@pytest.mark.usefixtures("elsewhere")
def test_elsewhere_a_roster_tells_to_the_end_of_its_day(
    cast: factories.Cast, clock: FakeClock
) -> None:
    assert log_ins.known_until(told_of("ann.lee")) is None
    begun(text_of(member()), cast.joan)
    assert log_ins.known_until(told_of("ann.lee")) is None
    applied(cast.joan, member())
    assert log_ins.known_until(told_of("ann.lee")) == AS_OF == date(2026, 11, 20)
    clock.pass_by(timedelta(days=5))
    assert log_ins.known_until(told_of("ann.lee")) is None


@pytest.mark.usefixtures("elsewhere")
def test_a_roster_of_today_tells_of_today(cast: factories.Cast) -> None:
    run = applied(cast.joan, member())
    with transaction() as session:
        session.get_one(ImportRun, run.id).as_of = date(2026, 11, 23)
    assert log_ins.known_as_of() == now()


@pytest.mark.usefixtures("elsewhere")
def test_a_roster_without_log_ins_and_one_that_is_undone_tell_nothing(
    cast: factories.Cast,
) -> None:
    taken_over(text_of(member(), header=("Login", "User Name", "Expires")), cast.joan)
    assert log_ins.known_as_of() is None
    run = applied(cast.joan, member())
    assert log_ins.known_as_of() is not None
    undo(run.id, cast.joan)
    assert log_ins.known_as_of() is None
    assert db.session.query(ImportRun).count() == 2


def test_a_roster_tells_of_nobody_else_and_of_nobody_it_names_without_a_log_in(
    cast: factories.Cast,
) -> None:
    ben = member(User_Name="Roe, Ben", Login="ben.roe", Email="ben.roe@agency.example")
    on(20, applied(cast.joan, member(), ben))
    on(21, applied(cast.joan, ben | {"Last Login": "11/20/2026 8:00 AM"}))
    on(22, applied(cast.joan, member(), ben | {"Last Login": ""}))  # Ann as she is here
    assert (told_of("ann.lee"), told_of("ben.roe")) == (date(2026, 11, 22), date(2026, 11, 21))


def test_a_roster_tells_nothing_of_a_row_that_is_faulty_and_nothing_more_once_undone(
    cast: factories.Cast,
) -> None:
    on(20, applied(cast.joan, member()))
    on(21, applied(cast.joan, member(Provider="Nowhere House")))
    assert told_of("ann.lee") == date(2026, 11, 20)
    later = on(22, applied(cast.joan, member(Last_Login="11/21/2026 8:00 AM")))
    assert told_of("ann.lee") == date(2026, 11, 22)
    undo(later.id, cast.joan)
    assert told_of("ann.lee") == date(2026, 11, 20)


def test_somebody_known_without_a_license_gets_one_with_its_account(
    cast: factories.Cast,
) -> None:
    ann = factories.person("ann.lee", email="ann.lee@agency.example", account=False)
    name = f"{ann.last_name}, {ann.first_name}"
    applied(cast.joan, member(User_Name=name, Provider=cast.agency.name))
    assert factories.account_of(ann) is not None
    assert told_of("ann.lee") == AS_OF
