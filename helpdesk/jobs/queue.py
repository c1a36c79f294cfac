"""Huey, on whatever database the desk is on."""

from pathlib import Path

from huey import Huey, PostgresHuey, SqliteHuey
from sqlalchemy.engine import make_url

from config import Config

NAME = "helpdesk"


def make_queue(config: Config) -> Huey:
    """No results are kept: what came of an effect stands in the outbox."""
    if config.on_postgresql:
        url = make_url(config.SQLALCHEMY_DATABASE_URI).set(drivername="postgresql")
        return PostgresHuey(
            NAME, dsn=url.render_as_string(hide_password=False), results=False, utc=True
        )
    return SqliteHuey(NAME, filename=str(queue_file(config)), results=False, utc=True)


def queue_file(config: Config) -> Path:
    return config.instance / "queue.db"
