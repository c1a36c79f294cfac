"""Moves to another agency on a day to come"""

from collections.abc import Sequence

from alembic import op

revision: str = "0018"
down_revision: str | None = "0017"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE license ADD COLUMN moves_to_id INTEGER"
        " CONSTRAINT fk_license_moves_to_id_agency REFERENCES agency (id)"
    )
    op.execute("ALTER TABLE license ADD COLUMN moves_on DATE")


def downgrade() -> None:
    op.execute("ALTER TABLE license DROP COLUMN moves_on")
    op.execute("ALTER TABLE license DROP COLUMN moves_to_id")
