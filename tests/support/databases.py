"""Databases for tests: the fixture `database`.

The desk commits, takes its own locks and uses several threads, so a test can't be wrapped in a
transaction that is rolled back. Each process has one database per backend, a copy of one that was
migrated once in the run, and every test that used it leaves it empty. (Migrations insert no rows.)
"""

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import flask_migrate
import pytest
from psycopg import sql

from tests.support import postgres
from tests.support.apps import let_go, on_database
from tests.support.run_folder import OWNER, once

# How long a test may have left a transaction open before that is an error, in seconds.
LOCK_WAIT = 5


class Database(ABC):
    """A migrated, empty database of this process alone."""

    url: str

    @abstractmethod
    def empty(self) -> None: ...

    @abstractmethod
    def close(self) -> None: ...


class SqliteDatabase(Database):
    """Emptied by copying the template over it, under open connections: no trigger objects."""

    def __init__(self, path: Path, template: Path) -> None:
        self.path = path
        self.url = sqlite_url(path)
        self.template = sqlite3.connect(template)

    def empty(self) -> None:
        with closing(sqlite3.connect(self.path, timeout=LOCK_WAIT, isolation_level=None)) as copy:
            copy.execute("PRAGMA synchronous = OFF")
            # The copying itself would wait for ever for what a test left open.
            copy.execute("BEGIN IMMEDIATE")
            copy.execute("ROLLBACK")
            self.template.backup(copy)

    def close(self) -> None:
        self.template.close()


class PostgresDatabase(Database):
    def __init__(self, sockets: Path, name: str, template: str) -> None:
        self.url = postgres.url(sockets, name)
        with postgres.connect(sockets, "postgres") as link:
            names = sql.Identifier(name), sql.Identifier(template)
            link.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))
        self.link = postgres.connect(sockets, name)
        # No keys and triggers while we empty it, no endless waiting for what a test left open.
        self.link.execute("SET session_replication_role = replica")
        self.link.execute(f"SET lock_timeout = '{LOCK_WAIT}s'")

    def empty(self) -> None:
        tables = self.link.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            " AND tablename <> 'alembic_version'"
        ).fetchall()
        deletes = [sql.SQL("DELETE FROM {}").format(sql.Identifier(name)) for (name,) in tables]
        self.link.execute(sql.SQL("; ").join(deletes))

    def close(self) -> None:
        self.link.close()


def sqlite_url(path: Path) -> str:
    return f"sqlite:///{path}"


def migrate(url: str, instance: Path) -> None:
    app = on_database(url, instance)
    with app.app_context():
        flask_migrate.upgrade()
    let_go(app)


class Databases:
    """Makes each backend's database when it is first asked for."""

    def __init__(self, run_folder: Path, owner: int, worker: str, own_folder: Path) -> None:
        self.run_folder = run_folder
        self.owner = owner
        self.worker = worker
        self.own_folder = own_folder
        self.made: dict[str, Database] = {}
        self.failed: dict[str, Exception] = {}
        self.makers = {"sqlite": self.make_sqlite, "postgresql": self.make_postgres}

    def get(self, backend: str) -> Database:
        if backend in self.failed:
            raise self.failed[backend]
        if backend not in self.made:
            try:
                self.made[backend] = self.makers[backend]()
                self.made[backend].empty()
            except Exception as error:
                self.failed[backend] = error
                raise
        return self.made[backend]

    def make_sqlite(self) -> Database:
        template = self.run_folder / "template.sqlite3"
        with once(self.run_folder, "sqlite-template") as to_do:
            if to_do:
                migrate(sqlite_url(template), self.own_folder)
        return SqliteDatabase(self.own_folder / "desk.sqlite3", template)

    def make_postgres(self) -> Database:
        sockets = postgres.ensure(self.run_folder / "postgres", self.owner)
        with once(self.run_folder, "postgres-template") as to_do:
            if to_do:
                with postgres.connect(sockets, "postgres") as link:
                    link.execute("DROP DATABASE IF EXISTS template_desk")
                    link.execute("CREATE DATABASE template_desk")
                migrate(postgres.url(sockets, "template_desk"), self.own_folder)
        return PostgresDatabase(sockets, f"desk_{self.worker}", "template_desk")


@pytest.fixture(scope="session")
def databases(
    pytestconfig: pytest.Config,
    run_folder: Path,
    worker_id: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Databases]:
    own_folder = tmp_path_factory.mktemp("databases")
    databases = Databases(run_folder, pytestconfig.stash[OWNER], worker_id, own_folder)
    yield databases
    for database in databases.made.values():
        database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, databases: Databases) -> Iterator[str]:
    """The URL of a migrated, empty database; the test runs once on each backend."""
    chosen = databases.get(request.param)
    yield chosen.url
    chosen.empty()
