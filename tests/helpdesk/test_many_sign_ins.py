"""Two processes with many threads of bad sign-ins: three count, then it is locked, once."""

import multiprocessing
from pathlib import Path

from flask import Flask

from helpdesk.access import recognize
from helpdesk.extensions import db
from helpdesk.models.event import license_history
from helpdesk.models.license import license_of
from helpdesk.models.web_session import Proof, WebSession
from helpdesk.services import sessions
from helpdesk.services.sign_in import Failed, sign_in
from helpdesk.transaction import transaction
from tests import factories
from tests.factories import PASSWORD
from tests.helpdesk.attack import STARTS_WITHIN, Attack, attack
from tests.helpdesk.owed import effects, name_of
from workflows import license as life

PROCESSES, THREADS = 2, 16


def test_two_processes_of_sixteen_threads_count_three_strikes_and_lock_once(
    app: Flask, database: str, tmp_path: Path
) -> None:
    with app.app_context():
        maria = factories.licensee(life.ACTIVE, username="maria.lopez", password=PASSWORD)
        with transaction() as session:
            tokens = [sessions.begin(session, maria.id, Proof.PASSWORD) for _ in range(3)]
    counted = from_processes(database, tmp_path)
    assert sorted(counted) == list(range(1, PROCESSES * THREADS + 1))
    with app.app_context():
        row = license_of(db.session(), maria.id)
        account = factories.account_of(maria)
        assert row is not None
        assert account is not None
        assert (row.state, account.bad_attempts) == (life.LOCKED, 3)
        locks = [e for e in license_history(db.session(), row.id) if e.trigger == "lock"]
        assert len(locks) == 1
        assert [(name_of(effect), effect.person_id) for effect in effects()] == [
            ("locked", maria.id)
        ]
        assert db.session.query(WebSession).filter_by(ended_at=None).count() == 0
        assert [recognize(db.session(), token) for token in tokens] == [None] * 3
        right = sign_in("maria.lopez", PASSWORD, "192.0.2.1")
        assert right == Failed(PROCESSES * THREADS + 1)


def from_processes(database: str, folder: Path) -> list[int]:
    """What each attempt was told: the number of attempts so far."""
    spawn = multiprocessing.get_context("spawn")
    start, results = spawn.Barrier(PROCESSES * THREADS), spawn.SimpleQueue()
    plans = [
        Attack(database, folder / f"instance-{number}", "maria.lopez", THREADS, number)
        for number in range(PROCESSES)
    ]
    running = [spawn.Process(target=attack, args=(plan, start, results)) for plan in plans]
    for process in running:
        process.start()
    for process in running:
        process.join(STARTS_WITHIN)
    assert [process.exitcode for process in running] == [0] * PROCESSES
    return [attempt for _ in running for attempt in results.get()]
