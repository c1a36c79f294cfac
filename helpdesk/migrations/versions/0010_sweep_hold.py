"""The brake: a sweep that would change too many licenses waits for a manager"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "sweep_hold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("waits", sa.Boolean(), nullable=True),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["released_by_id"], ["person.id"], name=op.f("fk_sweep_hold_released_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sweep_hold")),
    )
    op.create_index("uq_sweep_hold_waits", "sweep_hold", ["waits"], unique=True)


def downgrade() -> None:
    op.drop_table("sweep_hold")
