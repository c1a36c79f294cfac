"""What is known of viruses in documents, and which of them are deleted"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0025"
down_revision: str | None = "0024"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

SCAN = sa.Enum("held", "clean", "infected", name="scan", native_enum=False, length=32)
COLUMNS: dict[str, sa.types.TypeEngine[Any]] = {
    "scan": SCAN,
    "virus": sa.String(),
    "deleted_at": sa.DateTime(timezone=True),
    "kept_days": sa.Integer(),
    "looks_private": sa.Boolean(),
}
HELD = sa.text("scan = 'held'")


def upgrade() -> None:
    for name, kind in COLUMNS.items():
        op.add_column("document", sa.Column(name, kind, nullable=True))
    op.create_index(
        "ix_document_held", "document", ["id"], sqlite_where=HELD, postgresql_where=HELD
    )


def downgrade() -> None:
    op.drop_index("ix_document_held", "document")
    for name in reversed(COLUMNS):
        op.execute(f"ALTER TABLE document DROP COLUMN {name}")
