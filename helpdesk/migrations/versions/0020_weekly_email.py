"""The weekly email of agency admins: who wants it, and which week they have had"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0020"
down_revision: str | None = "0019"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column(
        "account",
        sa.Column("weekly_email", sa.Boolean(), server_default=sa.true(), nullable=False),
    )
    op.add_column("account", sa.Column("weekly_until", sa.Date(), nullable=True))


def downgrade() -> None:
    op.execute("ALTER TABLE account DROP COLUMN weekly_until")
    op.execute("ALTER TABLE account DROP COLUMN weekly_email")
