"""Editions of the training grid; like other history, they stay as they are"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0023"
down_revision: str | None = "0022"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

KEPT = {"training_grid_stays": "UPDATE", "training_grid_remains": "DELETE"}
REFUSAL = "history is never changed"


def upgrade() -> None:
    op.create_table(
        "training_grid",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("courses", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("actor_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=True),
        sa.Column("actor_name", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    build = _postgresql if _on_postgresql() else _sqlite
    for name, act in KEPT.items():
        for statement in build(name, act):
            op.execute(statement)


def downgrade() -> None:
    op.drop_table("training_grid")
    if _on_postgresql():
        for name in KEPT:
            op.execute(f"DROP FUNCTION {name}()")


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _sqlite(name: str, act: str) -> list[str]:
    return [f"""CREATE TRIGGER {name} BEFORE {act} ON training_grid
        BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"""]


def _postgresql(name: str, act: str) -> list[str]:
    return [
        f"""CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'restrict_violation';
            END $$""",
        f"""CREATE TRIGGER {name} BEFORE {act} ON training_grid
            FOR EACH ROW EXECUTE FUNCTION {name}()""",
    ]
