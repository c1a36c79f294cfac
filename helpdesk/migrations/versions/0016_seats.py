"""How many licenses an agency may have in use"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("agency", sa.Column("seats", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.execute("ALTER TABLE agency DROP COLUMN seats")
