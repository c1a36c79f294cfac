"""The desk's own fixtures: who is there, the clock, the machines around it, threads that race."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask, has_app_context
from flask.ctx import AppContext

from helpdesk.extensions import db
from helpdesk.jobs import drain
from helpdesk.outbox import performers
from helpdesk.transaction import release
from tests import factories
from tests.support.fakes import FakeClock, FakeDirectory, FakeMailer

Dump = dict[str, list[tuple[Any, ...]]]
Race = Callable[..., list[Any]]

RACE_ENDS_WITHIN = 30.0


@pytest.fixture
def clock(app: Flask) -> Iterator[FakeClock]:
    """The app's clock, standing still on a Monday at ten, Detroit time."""
    fake = FakeClock()
    app.extensions["clock"] = fake
    yield fake
    del app.extensions["clock"]


@pytest.fixture
def cast(app_context: AppContext) -> factories.Cast:
    return factories.cast()


@pytest.fixture
def mailer(monkeypatch: pytest.MonkeyPatch) -> FakeMailer:
    """The only way mail leaves `drain` in this test."""
    fake = FakeMailer()
    monkeypatch.setattr(drain, "open_mailer", fake.open)
    return fake


@pytest.fixture
def directory(monkeypatch: pytest.MonkeyPatch) -> FakeDirectory:
    """The only directory that effects reach in this test."""
    fake = FakeDirectory()
    monkeypatch.setattr(performers, "directory", lambda: fake)
    return fake


@pytest.fixture
def dump(app_context: AppContext) -> Callable[[], Dump]:
    return dump_rows


def dump_rows() -> Dump:
    """Every row of every table, read past the session: what is really in the database."""
    tables = [table.name for table in db.metadata.sorted_tables]
    with db.engine.connect() as link:
        if link.dialect.name == "postgresql":
            return {"": sorted(map(tuple, link.exec_driver_sql(all_rows(tables))))}
        return {
            name: sorted(map(tuple, link.exec_driver_sql(f'SELECT * FROM "{name}"')), key=repr)
            for name in tables
        }


def all_rows(tables: list[str]) -> str:
    """One statement for all: a dump is taken before and after each step of many."""
    return " UNION ALL ".join(f"SELECT '{name}', t::text FROM \"{name}\" t" for name in tables)


@pytest.fixture
def race(app: Flask) -> Race:
    """Runs functions at once, a thread and an app context each; gives results or exceptions."""

    def run(*functions: Callable[[], Any]) -> list[Any]:
        if has_app_context():
            release()  # the test's own session must not look at the past afterwards
        barrier = threading.Barrier(len(functions))

        def one(function: Callable[[], Any]) -> Any:
            with app.app_context():
                barrier.wait(RACE_ENDS_WITHIN)
                try:
                    return function()
                except Exception as error:
                    return error

        with ThreadPoolExecutor(len(functions)) as pool:
            running = [pool.submit(one, function) for function in functions]
            return [each.result(RACE_ENDS_WITHIN) for each in running]

    return run
