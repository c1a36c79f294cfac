"""The queue only hurries things along: whatever it loses is found; two schedulers are as one."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import cast

import pytest
from flask import Flask
from flask.ctx import AppContext
from sqlalchemy import QueuePool

from helpdesk import links
from helpdesk.access import recognize
from helpdesk.extensions import db
from helpdesk.jobs import tasks, worker
from helpdesk.jobs.tasks import Jobs
from helpdesk.models.counter import Counter
from helpdesk.models.duty import Slot
from helpdesk.models.effect import Effect, Kind, Status
from helpdesk.models.one_time_link import OneTimeLink
from helpdesk.models.person import Person
from helpdesk.models.web_session import Proof, WebSession
from helpdesk.services import counters, sessions, tidying
from helpdesk.transaction import transaction
from tests import factories
from tests.helpdesk.conftest import Race
from tests.helpdesk.owed import owe_some, statuses
from tests.support.apps import MakeApp
from tests.support.fakes import FakeClock, FakeMailer

PATIENCE = 20.0
DAY = timedelta(days=1)


@pytest.fixture
def ann(app_context: AppContext) -> Person:
    return factories.person()


@pytest.fixture
def jobs(app: Flask) -> Iterator[Jobs]:
    jobs = cast(Jobs, app.extensions["jobs"])
    jobs.queue.flush()
    yield jobs
    jobs.stopping.clear()


def run_queue(jobs: Jobs) -> int:
    """Does what a consumer would do with what is in the queue; tells how many jobs there were."""
    count = 0
    while task := jobs.queue.dequeue():
        jobs.queue.execute(task)
        count += 1
    return count


def test_a_new_app_has_opened_nothing_that_two_processes_could_not_share(
    make_app: MakeApp,
) -> None:
    """The web server makes it once and forks."""
    fresh = make_app()
    held = cast(Jobs, fresh.extensions["jobs"]).queue.storage.close()
    with fresh.app_context():
        pool = db.engine.pool
    assert isinstance(pool, QueuePool)
    assert (held, pool.checkedin(), pool.checkedout()) == (False, 0, 0)


def test_owing_hurries_the_worker_along(ann: Person, jobs: Jobs, mailer: FakeMailer) -> None:
    owe_some(ann.id, "a")
    assert run_queue(jobs) == 1
    assert mailer.keys == ["a"]


def test_jobs_carry_a_kind_and_no_personal_data(ann: Person, jobs: Jobs) -> None:
    owe_some(ann.id, "a")
    owe_some(ann.id, "b", kind=Kind.ACCOUNT)
    waiting = jobs.queue.pending()
    assert sorted(str(task.args) for task in waiting) == ["('account',)", "('mail',)"]


def test_a_queue_that_takes_nothing_is_no_reason_to_fail(
    ann: Person, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_task: object) -> None:
        raise OSError("The disk is full.")

    monkeypatch.setattr(jobs.queue, "enqueue", refuse)
    owe_some(ann.id, "a")
    assert statuses() == {"a": Status.DUE}


def test_what_the_queue_lost_is_found_by_the_pump(
    app: Flask, ann: Person, jobs: Jobs, mailer: FakeMailer, monkeypatch: pytest.MonkeyPatch
) -> None:
    owe_some(ann.id, "a")
    jobs.queue.flush()
    asked = threading.Event()
    monkeypatch.setattr(jobs, "nudge", lambda kind: asked.set() if kind is Kind.MAIL else None)
    pump = threading.Thread(target=worker._pump, args=(app, jobs))
    pump.start()
    try:
        assert asked.wait(PATIENCE)
    finally:
        jobs.stopping.set()
        pump.join(PATIENCE)
    with app.app_context():
        assert worker.is_alive()


def test_a_worker_that_says_nothing_for_long_counts_as_dead(
    ann: Person, clock: FakeClock
) -> None:
    assert not worker.is_alive()
    worker.beat()
    assert worker.is_alive()
    clock.pass_by(worker.ALIVE_FOR)
    assert not worker.is_alive()


def test_one_drain_a_kind_runs_at_a_time_in_a_process(
    app: Flask, ann: Person, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    entered, leave, ran = threading.Event(), threading.Event(), list[Kind]()

    def slow_drain(kind: Kind, _stop: object) -> int:
        ran.append(kind)
        if kind is Kind.MAIL:
            entered.set()
            leave.wait(PATIENCE)
        return 0

    monkeypatch.setattr(tasks, "drain", slow_drain)
    first = threading.Thread(target=jobs._run_drain, args=("mail",))
    first.start()
    assert entered.wait(PATIENCE)
    jobs._run_drain("mail")
    jobs._run_drain("account")
    assert ran == [Kind.MAIL, Kind.ACCOUNT]
    leave.set()
    first.join(PATIENCE)
    leave.set()
    jobs._run_drain("mail")
    assert ran == [Kind.MAIL, Kind.ACCOUNT, Kind.MAIL]


def test_of_two_schedulers_one_runs_a_slot(app_context: AppContext, race: Race) -> None:
    outcomes = race(*[lambda: tasks.once("tidy", "2026-11-23T15")] * 4)
    assert sorted(outcomes) == [False, False, False, True]
    assert tasks.once("tidy", "2026-11-23T16")
    assert db.session.query(Slot).count() == 2


def test_tidying_forgets_counts_that_no_longer_count(
    app_context: AppContext, clock: FakeClock
) -> None:
    def count(key: str) -> None:
        with transaction() as session:
            counters.add(session, key, DAY)

    count("old")
    clock.pass_by(DAY)
    count("new")
    clock.pass_by(timedelta(hours=2))
    tasks.tidy()
    assert [row.key for row in db.session.query(Counter)] == ["new"]


def test_tidying_forgets_sessions_and_slots_of_long_ago(
    ann: Person, clock: FakeClock
) -> None:
    def sign_in() -> str:
        with transaction() as session:
            return sessions.begin(session, ann.id, Proof.PASSWORD)

    assert tasks.once("yearly", "2026")
    first = sign_in()
    sessions.sign_out(first)
    clock.pass_by(sessions.KEPT)
    second = sign_in()
    tasks.tidy()
    assert db.session.query(WebSession).count() == 2
    clock.pass_by(DAY)
    tasks.tidy()
    assert db.session.query(WebSession).count() == 1
    assert not tasks.once("yearly", "2026")
    clock.pass_by(tidying.SLOTS_KEPT)
    tasks.tidy()
    assert recognize(db.session(), second) is None
    assert db.session.query(WebSession).count() == 0
    assert {slot.job for slot in db.session.query(Slot)} == {"tidy"}


def test_tidying_forgets_links_of_long_ago_unless_their_mail_may_be_sent_again(
    ann: Person, clock: FakeClock
) -> None:
    bea = factories.person()
    owe_some(bea.id, "stuck")
    with transaction() as session:
        for who in (ann, bea):
            links.mint(session, links.Purpose.SET_PASSWORD, who.id, f"key:{who.id}")
    clock.pass_by(links.KEPT)
    tasks.tidy()
    assert db.session.query(OneTimeLink).count() == 2
    clock.pass_by(DAY)
    tasks.tidy()
    assert [link.person_id for link in db.session.query(OneTimeLink)] == [bea.id]
    with transaction() as session:
        session.query(Effect).update({"status": Status.DEAD})
    clock.pass_by(DAY)
    tasks.tidy()
    assert [link.person_id for link in db.session.query(OneTimeLink)] == [bea.id]
    with transaction() as session:
        session.query(Effect).update({"status": Status.GIVEN_UP})
    clock.pass_by(DAY)
    tasks.tidy()
    assert db.session.query(OneTimeLink).count() == 0
