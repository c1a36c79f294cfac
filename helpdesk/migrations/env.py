"""Runs migrations on the app's own database, each in a transaction of its own."""

from typing import Any, Literal

from alembic import context
from flask import current_app
from sqlalchemy import Column, Connection

from helpdesk.extensions import Base, UtcDateTime


def render_item(kind: str, item: object, _context: object) -> str | Literal[False]:
    """A migration must not change its meaning when our types do: it names plain ones."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def ours(name: str | None, kind: str, _parents: object) -> bool:
    """On PostgreSQL Huey keeps its tables beside ours, and makes them itself."""
    return not (kind == "table" and name is not None and name.startswith("huey_"))


def comparable(_item: object, name: str | None, kind: str, *_more: object) -> bool:
    """SQLite does not tell in which order an index runs. A contract test compares word by word."""
    return not (kind == "index" and name in ORDERED and engine.dialect.name == "sqlite")


def run(connection: Connection, **options: Any) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_item=render_item,
        include_name=ours,
        include_object=comparable,
        transaction_per_migration=True,
        compare_server_default=True,
        **options,
    )
    with context.begin_transaction():
        context.run_migrations()


ORDERED = {
    index.name
    for table in Base.metadata.tables.values()
    for index in table.indexes
    if any(not isinstance(part, Column) for part in index.expressions)
}
engine = current_app.extensions["migrate"].db.engine
with engine.connect().execution_options(writes=True) as bound:
    run(bound)
