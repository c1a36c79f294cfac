"""Corrections of names and addresses on file; like other history, they stay as they are"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0014"
down_revision: str | None = "0016"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

KEPT = {"correction_stays": "UPDATE", "correction_remains": "DELETE"}
REFUSAL = "history is never changed"


def upgrade() -> None:
    op.create_table(
        "correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("actor_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=True),
        sa.Column("actor_name", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("person_id", "version"),
    )
    build = _postgresql if _on_postgresql() else _sqlite
    for name, act in KEPT.items():
        for statement in build(name, act):
            op.execute(statement)


def downgrade() -> None:
    op.drop_table("correction")
    if _on_postgresql():
        for name in KEPT:
            op.execute(f"DROP FUNCTION {name}()")


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _sqlite(name: str, act: str) -> list[str]:
    return [f"""CREATE TRIGGER {name} BEFORE {act} ON correction
        BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"""]


def _postgresql(name: str, act: str) -> list[str]:
    return [
        f"""CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'restrict_violation';
            END $$""",
        f"CREATE TRIGGER {name} BEFORE {act} ON correction FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]
