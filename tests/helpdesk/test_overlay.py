"""Settings that managers changed: laid over the environment's, seen soon, never harmful."""

import logging
import math
from dataclasses import fields
from datetime import time, timedelta

import pytest
from flask import Flask
from flask.ctx import AppContext

from config import Config
from helpdesk.actor import Actor
from helpdesk.extensions import db, settings
from helpdesk.jobs.drain import drain
from helpdesk.models.effect import Kind
from helpdesk.models.setting import Setting
from helpdesk.services import clock, overlay, password_rules
from helpdesk.services.changeable import CHANGEABLE, ENTRIES, Changeable
from helpdesk.services.overlay import Unfit, Watch
from helpdesk.transaction import transaction
from tests import factories
from tests.support.apps import MakeApp
from tests.support.fakes import FakeClock
from tests.web.counted import queries


@pytest.fixture
def manager(app_context: AppContext, clock: FakeClock) -> Actor:
    return factories.staff(manager=True)


def put(name: str, value: str) -> None:
    """As another process would have saved it."""
    with transaction() as session:
        session.merge(Setting(name=name, value=value))


def standing(name: str) -> overlay.Standing:
    return next(s for s in overlay.standings() if s.entry.name == name)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_what_can_be_changed_is_a_setting_with_words_and_bounds_around_its_default(
    entry: Changeable,
) -> None:
    assert entry.name in {field.name for field in fields(Config)}
    assert entry.label
    assert entry.says.endswith(".")
    if entry.kind in {int, timedelta}:
        assert entry.least <= entry.default <= entry.most
    assert entry.in_words(entry.default)


def test_no_name_stands_twice_and_nothing_of_the_machine_can_be_changed() -> None:
    assert len(CHANGEABLE) == len(ENTRIES)
    machine = ("SECRET", "DATABASE", "MAIL_", "BASE_URL", "INSTANCE", "ENV", "PROXIES", "TESTING")
    assert [name for name in CHANGEABLE if name.startswith(machine)] == []


def test_a_change_holds_at_once_where_it_was_saved(manager: Actor) -> None:
    overlay.save("PASSWORD_MIN", "20", manager)
    assert settings().PASSWORD_MIN == 20
    judgment = password_rules.judge("velvet otter climb", password_rules.policy([]))
    assert list(judgment.faults.values()) == ["Use at least 20 characters; this has 18."]
    overlay.save("CLOSES", "16:30", manager)
    assert (20, time(16, 30)) == (settings().PASSWORD_MIN, settings().CLOSES)
    assert clock.business_hours().day == timedelta(hours=7.5)


def test_who_changed_it_and_when_is_kept(manager: Actor, clock: FakeClock) -> None:
    overlay.save("LOCK_AFTER", "5", manager)
    found = standing("LOCK_AFTER")
    assert found.row is not None
    assert (found.value, found.default, found.changed_by) == (5, 3, manager.name)
    assert (found.row.changed_by_id, found.row.changed_at) == (manager.person_id, clock.now)


def test_days_are_written_with_commas(manager: Actor) -> None:
    overlay.save("EXPIRY_REMINDERS", "45, 10,3", manager)
    assert settings().EXPIRY_REMINDERS == (45, 10, 3)
    assert CHANGEABLE["EXPIRY_REMINDERS"].in_words((45, 10, 3)) == "45, 10, 3 days"


def test_back_to_the_default_leaves_no_row(manager: Actor) -> None:
    overlay.save("LOCK_AFTER", "5", manager)
    overlay.reset("LOCK_AFTER", manager)
    overlay.reset("LOCK_AFTER", manager)
    assert settings().LOCK_AFTER == 3
    assert db.session.query(Setting).count() == 0
    assert settings() == overlay.environment()


def test_what_the_environment_says_is_the_default_of_this_place(make_app: MakeApp) -> None:
    app = make_app(LOCK_AFTER=4)
    with app.app_context():
        assert standing("LOCK_AFTER").from_environment
        put("LOCK_AFTER", "6")
        overlay.refresh()
        found = standing("LOCK_AFTER")
        assert (found.value, found.default, found.from_environment) == (6, 4, False)


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("LOCK_AFTER", "1", "Choose between 2 attempts and 10 attempts."),
        ("LOCK_AFTER", "11", "Choose between"),
        ("LOCK_AFTER", "three", "cannot be read"),
        ("LOCK_AFTER", "", "cannot be read"),
        ("DOCUMENT_MAX_BYTES", "1000", "Choose between 1 MB and 25 MB."),
        ("PASSWORD_MIN", "7", "Choose between 8 characters and 64 characters."),
        ("SESSION_IDLE", "1m", "Choose between 5 minutes and 24 hours."),
        ("SESSION_IDLE", "-2h", "Choose between"),
        ("SESSION_IDLE", "nanh", "cannot be read"),
        ("SESSION_IDLE", "infd", "cannot be read"),
        ("SESSION_IDLE", "9" * 30 + "d", "cannot be read"),
        ("SESSION_IDLE", "13h", "idle for longer"),
        ("EXPIRY_REMINDERS", "60, soon", "cannot be read"),
        ("EXPIRY_REMINDERS", "60, 0", "from 1 to 365"),
        ("EXPIRY_REMINDERS", ",".join(["7"] * 11), "up to ten"),
        ("OPENS", "17:00", "must open before it closes"),
        ("OPENS", "25:00", "cannot be read"),
        ("HOLIDAYS", "Atlantis", "not known"),
        ("DESK_EMAIL", "nobody", "no email address"),
        ("DESK_EMAIL", "a@b.example\nBcc: c@d.example", "on one line"),
        ("DESK_NAME", " ", "left blank"),
        ("DESK_NAME", "x" * 121, "at most 120"),
        ("DESK_NAME", "Desk\0", "on one line"),
        ("SECRET_KEY", "x" * 40, "cannot be changed here"),
        ("nonsense", "1", "cannot be changed here"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_reason(
    manager: Actor, name: str, text: str, why: str
) -> None:
    before = settings()
    with pytest.raises(Unfit, match=why):
        overlay.save(name, text, manager)
    assert settings() == before
    assert db.session.query(Setting).count() == 0


def test_a_default_that_no_longer_goes_with_the_others_is_refused(manager: Actor) -> None:
    overlay.save("CLOSES", "22:00", manager)
    overlay.save("OPENS", "18:00", manager)
    with pytest.raises(Unfit, match="must open before it closes"):
        overlay.reset("CLOSES", manager)
    assert time(22) == settings().CLOSES


def test_bad_rows_are_left_aside_and_logged_and_the_good_ones_hold(
    manager: Actor, caplog: pytest.LogCaptureFixture
) -> None:
    for name, value in (("LOCK_AFTER", "many"), ("SECRET_KEY", "x"), ("GONE", "1"),
                        ("PASSWORD_MIN", "9"), ("SESSION_IDLE", "900d")):  # fmt: skip
        put(name, value)
    with caplog.at_level(logging.WARNING, "helpdesk.services.overlay"):
        overlay.refresh()
    assert (settings().LOCK_AFTER, settings().PASSWORD_MIN) == (3, 9)
    assert settings().SECRET_KEY == overlay.environment().SECRET_KEY
    assert len(caplog.messages) == 4
    assert len(overlay.standings()) == len(ENTRIES)
    overlay.save("LOCK_AFTER", "5", manager)
    assert settings().LOCK_AFTER == 5


def test_rows_that_do_not_go_together_hold_as_far_as_they_do(app_context: AppContext) -> None:
    put("OPENS", "12:00")
    put("CLOSES", "11:00")
    put("PASSWORD_MIN", "16")
    overlay.refresh()
    assert (time(12), time(17)) == (settings().OPENS, settings().CLOSES)
    assert settings().PASSWORD_MIN == 16


def test_both_of_two_that_only_go_together_are_taken(app_context: AppContext) -> None:
    put("OPENS", "18:00")
    put("CLOSES", "22:00")
    overlay.refresh()
    assert (time(18), time(22)) == (settings().OPENS, settings().CLOSES)


def test_another_process_looks_at_most_every_five_seconds(
    app: Flask, app_context: AppContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = [1000.0]
    monkeypatch.setattr("helpdesk.services.overlay.time.monotonic", lambda: moment[0])
    app.extensions["overlay"] = Watch()
    overlay.refresh_if_due()
    put("LOCK_AFTER", "7")
    with queries(app) as seen:
        moment[0] += 4.9
        overlay.refresh_if_due()
        assert (settings().LOCK_AFTER, seen) == (3, [])
        moment[0] += 0.2
        overlay.refresh_if_due()
    assert (settings().LOCK_AFTER, len(seen)) == (7, 1)


def test_the_worker_looks_before_it_performs(app: Flask, app_context: AppContext) -> None:
    put("LOCK_AFTER", "7")
    app.extensions["overlay"] = Watch()
    drain(Kind.ACCOUNT)
    assert settings().LOCK_AFTER == 7


def test_a_database_without_the_table_changes_nothing_and_breaks_nothing(
    app: Flask, app_context: AppContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.extensions["overlay"] = Watch()
    with monkeypatch.context() as patched:
        patched.setattr(Setting.__table__, "name", "setting_that_is_not_there")
        overlay.refresh_if_due()
    assert settings() == overlay.environment()
    assert app.extensions["overlay"].looked_at > 0


def test_a_page_looks_and_a_probe_does_not(app: Flask, app_context: AppContext) -> None:
    put("LOCK_AFTER", "7")
    app.extensions["overlay"] = Watch()
    app.test_client().get("/healthz")
    assert settings().LOCK_AFTER == 3
    app.test_client().get("/sign-in")
    assert settings().LOCK_AFTER == 7
    assert not math.isinf(app.extensions["overlay"].looked_at)
