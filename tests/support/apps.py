"""The app in tests: `app`, `make_app`, `client`, `app_context`, all on the test's `database`."""

import math
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest
from flask import Flask
from flask.ctx import AppContext
from flask.testing import FlaskClient

import config
from helpdesk import create_app
from helpdesk.extensions import db
from helpdesk.jobs.tasks import Jobs
from helpdesk.services import grids
from helpdesk.services.overlay import Watch

QUEUE_FILE = "queue.db"


class MakeApp(Protocol):
    """Settings by the names that `config.testing` takes."""

    def __call__(self, **overrides: Any) -> Flask: ...


class Apps:
    """One app per database, kept for all tests of this process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made: dict[str, Flask] = {}

    def on(self, database: str) -> Flask:
        if database not in self.made:
            instance = self.folder / database.partition(":")[0]
            self.made[database] = on_database(database, instance)
        return self.made[database]

    def close(self) -> None:
        for app in self.made.values():
            let_go(app)


def on_database(database: str, instance: Path, **overrides: Any) -> Flask:
    instance.mkdir(parents=True, exist_ok=True)
    app = create_app(config.testing(database_url=database, instance=instance, **overrides))
    forget_changes(app)
    return app


def forget_changes(app: Flask) -> None:
    """No setting is changed, and nobody looks for changes in passing: a query would come of it."""
    app.extensions["settings"] = app.extensions["environment"]
    app.extensions["overlay"] = Watch(every=math.inf, looked_at=0.0)
    app.extensions.pop(grids.KEPT, None)


def let_go(app: Flask) -> None:
    """Close its connections: the pool's and the queue's."""
    with app.app_context():
        db.engine.dispose()
    jobs: Jobs = app.extensions["jobs"]
    jobs.queue.storage.close()


def empty_instance(app: Flask) -> None:
    """Files and queued jobs go; the queue's own file stays, since the app holds it open."""
    jobs: Jobs = app.extensions["jobs"]
    jobs.queue.flush()
    for entry in Path(app.instance_path).iterdir():
        if entry.name.startswith(QUEUE_FILE):
            continue
        if entry.is_dir():
            shutil.rmtree(entry)
        else:
            entry.unlink()


@pytest.fixture(scope="session")
def apps(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Apps]:
    apps = Apps(tmp_path_factory.mktemp("instances"))
    yield apps
    apps.close()


@pytest.fixture
def app(database: str, apps: Apps) -> Iterator[Flask]:
    """The app; the same one for every test on this database. No context is pushed."""
    app = apps.on(database)
    yield app
    empty_instance(app)
    forget_changes(app)


@pytest.fixture
def make_app(database: str, tmp_path: Path) -> Iterator[MakeApp]:
    """Makes apps of their own, with settings of their own, on the same database."""
    made: list[Flask] = []

    def make(**overrides: Any) -> Flask:
        made.append(on_database(database, tmp_path / f"instance-{len(made)}", **overrides))
        return made[-1]

    yield make
    for app in made:
        let_go(app)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def app_context(app: Flask) -> Iterator[AppContext]:
    """For tests that call services: one context, and so one database session, around the test."""
    with app.app_context() as context:
        yield context
