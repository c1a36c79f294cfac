"""Bad sign-ins from a process of its own, many at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.exc import OperationalError

import config
from helpdesk import create_app
from helpdesk.extensions import db
from helpdesk.services.sign_in import Failed, Outcome, sign_in
from helpdesk.transaction import release

STARTS_WITHIN = 60.0
TRIES = 10


@dataclass(frozen=True)
class Attack:
    """Each thread comes from a place of its own, so that none is slowed down."""

    database_url: str
    instance: Path
    username: str
    threads: int
    number: int


def attack(plan: Attack, start: Any, results: Any) -> None:
    """Run in a new process: all threads of all processes begin as one (`start`, a barrier)."""
    app = create_app(config.testing(database_url=plan.database_url, instance=plan.instance))

    def one(thread: int) -> int:
        with app.app_context():
            db.session.connection()  # dialing is not what is measured
            db.session.rollback()
            start.wait(STARTS_WITHIN)
            outcome = until_heard(plan.username, f"198.51.{plan.number}.{thread}")
        assert isinstance(outcome, Failed), outcome
        return outcome.attempts

    results.put(in_threads(plan.threads, one))
    with app.app_context():
        db.engine.dispose()


def until_heard(username: str, source: str) -> Outcome:
    """The wait for the database is bounded: on a machine that is busy otherwise somebody may be
    told to come back, and does. What was not heard was not counted either."""
    for _ in range(TRIES):
        try:
            return sign_in(username, "wrong", source)
        except OperationalError:
            release()
    raise AssertionError("the database was never free")


def in_threads(number: int, function: Callable[[int], int]) -> list[int]:
    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(function, range(number)))
