"""Rosters: which columns of a file hold what, and what was said of files like it"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("import_run", sa.Column("layout", sa.JSON(), nullable=True))
    op.create_table(
        "column_mapping",
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("signature", sa.String(), nullable=False),
        sa.Column("layout", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kind", "signature", name=op.f("pk_column_mapping")),
    )


def downgrade() -> None:
    op.drop_table("column_mapping")
    op.execute("ALTER TABLE import_run DROP COLUMN layout")
