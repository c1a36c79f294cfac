"""Of whose log-ins a roster has told: it judges nobody else"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "log_in_told",
        sa.Column("run_id", sa.Integer(), sa.ForeignKey("import_run.id"), nullable=False),
        sa.Column("license_id", sa.Integer(), sa.ForeignKey("license.id"), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "license_id"),
    )
    op.create_index("ix_log_in_told_license_id", "log_in_told", ["license_id"])


def downgrade() -> None:
    op.drop_table("log_in_told")
