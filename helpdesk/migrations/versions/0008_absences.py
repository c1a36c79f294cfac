"""Departures and leaves of absence: reported, taken, told of"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

DAY = sa.Date()
COLUMNS: tuple[tuple[str, sa.types.TypeEngine[Any]], ...] = (
    ("departs_on", DAY),
    ("departed_on", DAY),
    ("departed_at", sa.DateTime(timezone=True)),
    ("leave_from", DAY),
    ("on_leave_since", DAY),
    ("leave_until", DAY),
    ("return_told_for", DAY),
)


def upgrade() -> None:
    for name, kind in COLUMNS:
        op.add_column("license", sa.Column(name, kind, nullable=True))


def downgrade() -> None:
    for name, _kind in reversed(COLUMNS):
        op.execute(f"ALTER TABLE license DROP COLUMN {name}")
