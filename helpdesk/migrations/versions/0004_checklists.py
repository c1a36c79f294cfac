"""Account actions that are handed over to staff, each with a checklist"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

PENDING = sa.text("status IN ('due', 'leased')")
UNSETTLED = sa.text("status IN ('due', 'leased', 'handed_over')")
HANDED_OVER = sa.text("status = 'handed_over'")


def upgrade() -> None:
    op.create_table(
        "checklist",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("username", sa.String(), nullable=False),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("confirmed", sa.JSON(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum("done", "failed", name="outcome", native_enum=False, length=32),
            nullable=True,
        ),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["closed_by_id"], ["person.id"], name=op.f("fk_checklist_closed_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist")),
        sa.UniqueConstraint("key", name=op.f("uq_checklist_key")),
    )
    _index("ix_effect_lane", ["lane", "id"], UNSETTLED)
    _index("ix_effect_handed_over", ["id"], HANDED_OVER)


def downgrade() -> None:
    """What is handed over goes back to the worker, who asks the directory again."""
    op.execute("UPDATE effect SET status = 'due' WHERE status = 'handed_over'")
    op.drop_index("ix_effect_handed_over", "effect")
    _index("ix_effect_lane", ["lane", "id"], PENDING)
    op.drop_table("checklist")


def _index(name: str, columns: list[str], where: sa.TextClause) -> None:
    """Makes an index of effects, in place of the one of that name."""
    op.execute(f"DROP INDEX IF EXISTS {name}")
    op.create_index(name, "effect", columns, sqlite_where=where, postgresql_where=where)
