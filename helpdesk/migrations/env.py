"""Runs migrations on the app's own database, each in a transaction of its own."""

from typing import Any, Literal

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from helpdesk.extensions import Base, UtcDateTime


def render_item(kind: str, item: object, _context: object) -> str | Literal[False]:
    """A migration must not change its meaning when our types do: it names plain ones."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def run(connection: Connection, **options: Any) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_item=render_item,
        transaction_per_migration=True,
        compare_server_default=True,
        **options,
    )
    with context.begin_transaction():
        context.run_migrations()


engine = current_app.extensions["migrate"].db.engine
with engine.connect().execution_options(writes=True) as bound:
    run(bound)
