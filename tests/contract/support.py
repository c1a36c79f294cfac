"""A database with nothing in it: the fixture `bare`."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support import postgres
from tests.support.databases import Databases


@dataclass(frozen=True)
class Bare:
    """`migrated` is a database of the same backend with all migrations, and no rows."""

    url: str
    migrated: str


@pytest.fixture(params=["sqlite", "postgresql"])
def bare(request: pytest.FixtureRequest, databases: Databases, tmp_path: Path) -> Iterator[Bare]:
    """The test runs once on each backend."""
    migrated = databases.get(request.param).url
    if request.param == "sqlite":
        yield Bare(f"sqlite:///{tmp_path / 'bare.sqlite3'}", migrated)
        return
    sockets = postgres.ensure(databases.run_folder / "postgres", databases.owner)
    name = f"bare_{databases.worker}"
    with postgres.connect(sockets, "postgres") as link:
        link.execute(f"CREATE DATABASE {name}")
        yield Bare(postgres.url(sockets, name), migrated)
        link.execute(f"DROP DATABASE {name} WITH (FORCE)")
