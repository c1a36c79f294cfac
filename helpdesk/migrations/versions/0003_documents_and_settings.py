"""Documents, settings that managers change, tickets that come of others, the log-in watch"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

WATCHED = sa.text("log_in_by IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("form_key", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("content_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["person.id"], name=op.f("fk_document_owner_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_document_ticket_id_ticket")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
    )
    op.create_index("ix_document_ticket_id", "document", ["ticket_id", "id"])
    op.create_index("ix_document_draft", "document", ["owner_id", "form_key"])
    op.create_index("ix_document_sha256", "document", ["sha256"])
    op.create_table(
        "setting",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["person.id"], name=op.f("fk_setting_changed_by_id_person")
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_setting")),
    )
    op.add_column("person", sa.Column("hmis_id", sa.String(), nullable=True))
    op.create_index("uq_person_hmis_id", "person", ["hmis_id"], unique=True)
    op.add_column("license", sa.Column("log_in_by", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_license_log_in_by",
        "license",
        ["log_in_by"],
        sqlite_where=WATCHED,
        postgresql_where=WATCHED,
    )
    # Word by word: SQLite can add a column with its reference, and nothing to it afterwards.
    op.execute(
        "ALTER TABLE ticket ADD COLUMN converted_from_id INTEGER"
        " CONSTRAINT fk_ticket_converted_from_id_ticket REFERENCES ticket (id)"
    )
    op.create_index(
        "uq_ticket_converted_from_id", "ticket", ["converted_from_id"], unique=True
    )


def downgrade() -> None:
    op.drop_index("uq_ticket_converted_from_id", "ticket")
    op.execute("ALTER TABLE ticket DROP COLUMN converted_from_id")
    op.drop_index("ix_license_log_in_by", "license")
    op.execute("ALTER TABLE license DROP COLUMN log_in_by")
    op.drop_index("uq_person_hmis_id", "person")
    op.execute("ALTER TABLE person DROP COLUMN hmis_id")
    op.drop_table("setting")
    op.drop_table("document")
