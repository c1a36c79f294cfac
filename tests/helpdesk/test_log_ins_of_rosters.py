"""As of when log-ins are known: at the desk itself always, elsewhere as the last roster tells."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.ctx import AppContext

from helpdesk.extensions import db, now, settings
from helpdesk.models.import_run import ImportRun
from helpdesk.services import log_ins
from helpdesk.services.imports.undo import undo
from helpdesk.transaction import transaction
from tests import factories
from tests.helpdesk.imports import AS_OF
from tests.helpdesk.roster_csv import applied, begun, member, taken_over, text_of
from tests.support.fakes import FakeClock

pytestmark = pytest.mark.usefixtures("app_context", "clock")


@pytest.fixture
def elsewhere(app: Flask, app_context: AppContext, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.extensions, "settings", replace(settings(), DIRECTORY="manual"))


def test_where_accounts_are_ours_log_ins_are_known_at_once() -> None:
    assert log_ins.known_as_of() == now()


@pytest.mark.usefixtures("elsewhere")
def test_elsewhere_a_roster_tells_to_the_end_of_its_day(
    cast: factories.Cast, clock: FakeClock
) -> None:
    assert log_ins.known_until() is None
    begun(text_of(member()), cast.joan)
    assert log_ins.known_until() is None
    applied(cast.joan, member())
    assert log_ins.known_until() == AS_OF == date(2026, 11, 20)
    clock.pass_by(timedelta(days=5))
    assert log_ins.known_until() is None


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
