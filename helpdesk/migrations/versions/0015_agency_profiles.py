"""What HAND keeps of an agency besides its name"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0015"
down_revision: str | None = "0012"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

COLUMNS = ("hmis_id", "address", "phone", "contact", "contact_email")


def upgrade() -> None:
    for name in COLUMNS:
        op.add_column("agency", sa.Column(name, sa.String(), nullable=True))
    op.create_index("uq_agency_hmis_id", "agency", ["hmis_id"], unique=True)


def downgrade() -> None:
    op.drop_index("uq_agency_hmis_id", "agency")
    for name in reversed(COLUMNS):
        op.execute(f"ALTER TABLE agency DROP COLUMN {name}")
