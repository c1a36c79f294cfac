"""A filled database of one kind and size, with an instance folder beside it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import flask_migrate
from flask import Flask
from sqlalchemy import text
from sqlalchemy.engine import make_url

from bench.fill import fill
from bench.people import Town
from bench.scale import Scale
from helpdesk import create_app
from helpdesk.extensions import db
from helpdesk.jobs.tasks import Jobs
from helpdesk.settings.reading import from_environment
from tests.support import postgres

SQLITE, POSTGRESQL = "sqlite", "postgresql"
OURS = ("HELPDESK_", "MAIL_", "FLASK_", "GUNICORN_")
DURABLE = {"listen_addresses": "", "timezone": "UTC"}
"""PostgreSQL as it comes: a commit that is acknowledged is on the disk."""

FOR_THE_FLOOR = text("CREATE TABLE floor_upload (name VARCHAR NOT NULL, size INTEGER)")


@dataclass
class Filled:
    """`app` is one in this process, on the same database and settings as the servers'."""

    kind: str
    scale: Scale
    env: dict[str, str]
    app: Flask
    town: Town
    postmaster: int | None = None

    @property
    def url(self) -> str:
        return str(self.app.config["SQLALCHEMY_DATABASE_URI"])

    @property
    def label(self) -> str:
        return f"{self.kind}, {self.scale.tickets:,}"


def environment(instance: Path, url: str, mail_port: int) -> dict[str, str]:
    """A production desk's, and nothing of the caller's own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return {
        **kept,
        "HELPDESK_ENV": "production",
        "HELPDESK_INSTANCE": str(instance),
        "HELPDESK_DATABASE_URL": url,
        "HELPDESK_SECRET_KEY": "0b5e7d1c94a86f32e0d7c5b4a3928170",
        "HELPDESK_BASE_URL": "https://desk.example",
        "MAIL_SERVER": "127.0.0.1",
        "MAIL_PORT": str(mail_port),
        "MAIL_DOMAIN": "desk.example",
    }


@contextmanager
def filled(kind: str, scale: Scale, folder: Path, mail_port: int) -> Iterator[Filled]:
    folder.mkdir(parents=True)
    with _empty(kind, folder) as (url, postmaster):
        env = environment(folder / "instance", url, mail_port)
        app = create_app(from_environment(env))
        try:
            with app.app_context():
                flask_migrate.upgrade()
                town = fill(scale)
                with db.engine.begin() as link:
                    link.execute(FOR_THE_FLOOR)
            yield Filled(kind, scale, env, app, town, postmaster)
        finally:
            _let_go(app)


@contextmanager
def _empty(kind: str, folder: Path) -> Iterator[tuple[str, int | None]]:
    """The URL of a new database, and the process of its server where there is one."""
    if kind == SQLITE:
        yield "", None
        return
    server = postgres.start(folder, DURABLE)
    try:
        sockets = postgres.cluster(folder)
        with postgres.connect(sockets, "postgres") as link:
            link.execute("CREATE DATABASE desk")
        yield make_url(postgres.url(sockets, "desk")).render_as_string(), server.pid
    finally:
        postgres.end(server)


def _let_go(app: Flask) -> None:
    with app.app_context():
        db.engine.dispose()
    jobs: Jobs = app.extensions["jobs"]
    jobs.queue.storage.close()
