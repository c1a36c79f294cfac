"""Deletions: proposed by the desk, after a warning; confirmed or turned down by staff"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0017"
down_revision: str | None = "0014"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

MOMENTS = ("deletion_proposed_at", "deletion_confirmed_at", "kept_at")
PROPOSED = sa.text("deletion_proposed_at IS NOT NULL")


def upgrade() -> None:
    op.add_column("license", sa.Column("deletable_on", sa.Date(), nullable=True))
    for name in MOMENTS:
        op.add_column("license", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_license_deletion",
        "license",
        ["deletion_proposed_at", "id"],
        sqlite_where=PROPOSED,
        postgresql_where=PROPOSED,
    )


def downgrade() -> None:
    op.drop_index("ix_license_deletion", "license")
    for name in (*reversed(MOMENTS), "deletable_on"):
        op.execute(f"ALTER TABLE license DROP COLUMN {name}")
