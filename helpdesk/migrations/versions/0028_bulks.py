"""Recertifications of many people in one submission."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0028"
down_revision: str | None = "0027"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "bulk",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("filer_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_bulk_agency_id_agency")
        ),
        sa.ForeignKeyConstraint(["filer_id"], ["person.id"], name=op.f("fk_bulk_filer_id_person")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_bulk_owner_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk")),
        sa.UniqueConstraint("key", name=op.f("uq_bulk_key")),
    )
    op.create_index("ix_bulk_owner_id", "bulk", ["owner_id", "id"])
    op.create_table(
        "bulk_person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bulk_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("days", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["bulk_id"], ["bulk.id"],
            name=op.f("fk_bulk_person_bulk_id_bulk"), ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_bulk_person_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_person")),
        sa.UniqueConstraint("bulk_id", "person_id", name=op.f("uq_bulk_person_bulk_id_person_id")),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("bulk_person")
    op.drop_table("bulk")
