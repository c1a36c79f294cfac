"""The database's own guard: a state that no event explains is refused, whoever writes it

A ticket or license begins in its initial state at version 0. From then on, state and version
change only together with an event that tells of exactly this change; and events stay as they are.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

TABLES = {"ticket": "new", "license": "absent"}


def upgrade() -> None:
    build = _postgresql if op.get_bind().dialect.name == "postgresql" else _sqlite
    for statement in build():
        op.execute(statement)


def downgrade() -> None:
    for table in TABLES:
        _drop(f"{table}_begins", table)
        _drop(f"{table}_moves", table)
    _drop("event_stays", "event")
    _drop("event_remains", "event")


def _drop(name: str, table: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP TRIGGER {name} ON {table}")
        op.execute(f"DROP FUNCTION {name}()")
    else:
        op.execute(f"DROP TRIGGER {name}")


def _explained(table: str) -> str:
    return f"""EXISTS (SELECT 1 FROM event WHERE event.{table}_id = NEW.id
        AND event.version = NEW.version AND NEW.version = OLD.version + 1
        AND event.from_state = OLD.state AND event.to_state = NEW.state)"""


def _sqlite() -> list[str]:
    statements = []
    for table, initial in TABLES.items():
        statements.append(f"""
            CREATE TRIGGER {table}_begins BEFORE INSERT ON {table}
            WHEN NEW.state <> '{initial}' OR NEW.version <> 0
            BEGIN SELECT RAISE(ABORT, 'a {table} begins as {initial}, at version 0'); END""")
        statements.append(f"""
            CREATE TRIGGER {table}_moves BEFORE UPDATE OF state, version ON {table}
            WHEN (NEW.state <> OLD.state OR NEW.version <> OLD.version)
                AND NOT {_explained(table)}
            BEGIN SELECT RAISE(ABORT, 'no event explains this state of a {table}'); END""")
    for name, act in (("event_stays", "UPDATE"), ("event_remains", "DELETE")):
        statements.append(f"""
            CREATE TRIGGER {name} BEFORE {act} ON event
            BEGIN SELECT RAISE(ABORT, 'history is never changed'); END""")
    return statements


def _postgresql() -> list[str]:
    statements = []
    for table, initial in TABLES.items():
        begins = f"NEW.state <> '{initial}' OR NEW.version <> 0"
        moves = (
            f"(NEW.state <> OLD.state OR NEW.version <> OLD.version) AND NOT {_explained(table)}"
        )
        statements += _function(
            f"{table}_begins", table, "INSERT", begins,
            f"a {table} begins as {initial}, at version 0",
        )  # fmt: skip
        statements += _function(
            f"{table}_moves", table, "UPDATE OF state, version", moves,
            f"no event explains this state of a {table}",
        )  # fmt: skip
    for name, act in (("event_stays", "UPDATE"), ("event_remains", "DELETE")):
        statements += _function(name, "event", act, "true", "history is never changed")
    return statements


def _function(name: str, table: str, act: str, wrong: str, message: str) -> list[str]:
    return [
        f"""CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF {wrong} THEN
                    RAISE EXCEPTION '{message}' USING ERRCODE = 'restrict_violation';
                END IF;
                RETURN NEW;
            END $$""",
        f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]
