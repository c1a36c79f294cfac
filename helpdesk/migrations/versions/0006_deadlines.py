"""Deadlines: since when a license is idle, and what its holder was told last"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

MOMENT, DAY = sa.DateTime(timezone=True), sa.Date()
COLUMNS: tuple[tuple[str, sa.types.TypeEngine[Any]], ...] = (
    ("idle_from", MOMENT),
    ("idle_noticed_at", MOMENT),
    ("reminded_for", DAY),
    ("reminded_days", sa.Integer()),
)
BEGINNINGS = "('create', 'unlock', 'reactivate', 'extend')"


def upgrade() -> None:
    for name, kind in COLUMNS:
        op.add_column("license", sa.Column(name, kind, nullable=True))
    op.execute(
        "UPDATE license SET idle_from = (SELECT max(event.at) FROM event"
        f" WHERE event.license_id = license.id AND event.trigger IN {BEGINNINGS})"
    )


def downgrade() -> None:
    for name, _kind in reversed(COLUMNS):
        op.execute(f"ALTER TABLE license DROP COLUMN {name}")
