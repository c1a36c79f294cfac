"""Since which week somebody wants the weekly email again, and who described an agency last"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0021"
down_revision: str | None = "0020"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("account", sa.Column("weekly_since", sa.Date(), nullable=True))
    op.execute(
        "ALTER TABLE agency ADD COLUMN described_by_id INTEGER"
        " CONSTRAINT fk_agency_described_by_id_person REFERENCES person (id)"
    )


def downgrade() -> None:
    op.execute("ALTER TABLE agency DROP COLUMN described_by_id")
    op.execute("ALTER TABLE account DROP COLUMN weekly_since")
