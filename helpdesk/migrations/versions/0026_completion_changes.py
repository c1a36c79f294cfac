"""Completions that people enter or take back; like other history, they stay as they are"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0026"
down_revision: str | None = "0025"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

KEPT = {"completion_change_stays": "UPDATE", "completion_change_remains": "DELETE"}
REFUSAL = "history is never changed"


def upgrade() -> None:
    op.create_table(
        "completion_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("course", sa.String(), nullable=False),
        sa.Column("completed_on", sa.Date(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(32), nullable=False),
        sa.Column("entered", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("actor_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=True),
        sa.Column("actor_name", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_completion_change_person_id", "completion_change", ["person_id"])
    build = _postgresql if _on_postgresql() else _sqlite
    for name, act in KEPT.items():
        for statement in build(name, act):
            op.execute(statement)


def downgrade() -> None:
    op.drop_table("completion_change")
    if _on_postgresql():
        for name in KEPT:
            op.execute(f"DROP FUNCTION {name}()")


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _sqlite(name: str, act: str) -> list[str]:
    return [f"""CREATE TRIGGER {name} BEFORE {act} ON completion_change
        BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"""]


def _postgresql(name: str, act: str) -> list[str]:
    return [
        f"""CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'restrict_violation';
            END $$""",
        f"""CREATE TRIGGER {name} BEFORE {act} ON completion_change
            FOR EACH ROW EXECUTE FUNCTION {name}()""",
    ]
