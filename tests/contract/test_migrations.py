"""The migrations, from nothing to the newest and back, on both databases."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.exc import DBAPIError

from helpdesk import MIGRATIONS
from helpdesk.extensions import Base, db
from helpdesk.models.document_mark import THE_WHOLE, Said
from helpdesk.services import reviews
from tests import factories
from tests.contract.support import Bare
from tests.support.apps import let_go, on_database
from tests.support.reviews import to_review

Shape = dict[str, Any]

CATALOG = {
    "sqlite": "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'",
    "postgresql": """
        SELECT 'index', indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
        UNION ALL SELECT 'constraint', conname, pg_get_constraintdef(oid) FROM pg_constraint
            WHERE connamespace = 'public'::regnamespace
        UNION ALL SELECT 'trigger', tgname, pg_get_triggerdef(oid) FROM pg_trigger
            WHERE NOT tgisinternal
        UNION ALL SELECT 'function', proname, prosrc FROM pg_proc
            WHERE pronamespace = 'public'::regnamespace
        UNION ALL SELECT 'column', table_name || '.' || column_name,
            data_type || ' ' || is_nullable || ' ' || coalesce(column_default, '')
            FROM information_schema.columns WHERE table_schema = 'public'""",
}


def everything(link: Connection) -> set[tuple[str, ...]]:
    """All that is in a database besides rows, triggers and functions too."""
    return {tuple(map(str, row)) for row in link.execute(text(CATALOG[link.dialect.name]))}


def shape(link: Connection) -> dict[str, Shape]:
    """Each table as SQLAlchemy finds it there, in no order."""
    found = inspect(link)
    return {name: _table(found, name) for name in found.get_table_names()
            if name != "alembic_version" and not name.startswith("huey_")}  # fmt: skip


def _table(found: Any, name: str) -> Shape:
    columns = {
        c["name"]: (str(c["type"]), c["nullable"], c["default"]) for c in found.get_columns(name)
    }
    parts = {
        "key": [found.get_pk_constraint(name)],
        "foreign": [_unnamed(key, found) for key in found.get_foreign_keys(name)],
        "unique": found.get_unique_constraints(name),
        "checks": found.get_check_constraints(name),
    }
    return {"columns": columns} | {
        kind: sorted(repr(sorted(part.items(), key=_first)) for part in each)
        for kind, each in parts.items()
    }


def _unnamed(key: Any, found: Any) -> dict[str, Any]:
    """SQLAlchemy finds no name of a reference that came with a later column on SQLite."""
    on_sqlite = found.dialect.name == "sqlite"
    return {part: value for part, value in key.items() if part != "name" or not on_sqlite}


def _first(pair: tuple[str, Any]) -> str:
    return pair[0]


INDEXES = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
    "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
}


def indexes(link: Connection) -> dict[str, str]:
    """Word by word, since SQLAlchemy does not tell the order or the condition of an index."""
    found = link.execute(text(INDEXES[link.dialect.name]))
    return {name: " ".join(sql.split()) for name, sql in found
            if name != "alembic_version_pkc" and not name.startswith("huey_")}  # fmt: skip


@pytest.fixture
def bare_app(bare: Bare, tmp_path: Path) -> Iterator[Flask]:
    """An app on a database that nothing has been made in."""
    app = on_database(bare.url, tmp_path / "instance")
    yield app
    let_go(app)


def test_there_is_one_newest_migration_and_one_first() -> None:
    scripts = ScriptDirectory(str(MIGRATIONS))
    assert len(scripts.get_heads()) == 1
    assert len(scripts.get_bases()) == 1


def test_every_migration_says_what_it_is_for_and_can_be_taken_back() -> None:
    for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions():
        assert script.doc.strip()
        assert callable(script.module.upgrade)
        assert callable(script.module.downgrade)


def test_up_down_and_up_again_ends_where_it_began(bare_app: Flask) -> None:
    seen = []
    with bare_app.app_context():
        for up in (True, False, True):
            flask_migrate.upgrade() if up else flask_migrate.downgrade(revision="base")
            with db.engine.connect() as link:
                seen.append((set(shape(link)), everything(link)))
    (tables, first), (no_tables, emptied), (_again, second) = seen
    assert tables == set(Base.metadata.tables)
    assert no_tables == set()
    assert {kind for kind, _name, _sql in emptied} & {"trigger", "function"} == set()
    assert first == second


def test_each_single_step_down_can_be_gone_up_again(bare_app: Flask) -> None:
    steps = len(list(ScriptDirectory(str(MIGRATIONS)).walk_revisions()))
    with bare_app.app_context():
        flask_migrate.upgrade()
        with db.engine.connect() as link:
            newest = everything(link)
        for down in range(1, steps + 1):
            flask_migrate.downgrade(revision=f"-{down}")
            flask_migrate.upgrade()
            with db.engine.connect() as link:
                assert everything(link) == newest


def test_a_version_back_what_was_accepted_all_the_same_is_fine(bare_app: Flask) -> None:
    with bare_app.app_context():
        flask_migrate.upgrade()
        _ticket, document_id = to_review(cast := factories.cast())
        reviews.mark(document_id, THE_WHOLE, Said.DESPITE, "No score.", cast.sam)
        db.session.remove()
        flask_migrate.downgrade(revision="0029")
        with db.engine.begin() as link:
            assert link.scalars(text("SELECT said FROM document_mark")).all() == ["fine"]
        with pytest.raises(DBAPIError, match="history is never changed"), db.engine.begin() as link:
            link.execute(text("UPDATE document_mark SET said = 'despite'"))


@pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based")
def test_models_and_migrations_agree_as_far_as_alembic_looks(bare_app: Flask) -> None:
    with bare_app.app_context():
        flask_migrate.upgrade()
        flask_migrate.check()


def test_what_the_models_would_make_is_what_the_migrations_made(bare: Bare) -> None:
    """Closer than alembic looks: checks, partial indexes and their order, too."""
    ours, theirs = create_engine(bare.url), create_engine(bare.migrated)
    Base.metadata.create_all(ours)
    with ours.connect() as made, theirs.connect() as migrated:
        assert shape(migrated) == shape(made)
        assert indexes(migrated) == indexes(made)
    ours.dispose()
    theirs.dispose()
