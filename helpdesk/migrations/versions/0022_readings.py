"""What was read of worksheets, and what staff have put right of it"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0022"
down_revision: str | None = "0021"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

KEPT = "reading_correction_stays"
REFUSAL = "history is never changed"


def upgrade() -> None:
    op.add_column("document", sa.Column("reading", sa.JSON(), nullable=True))
    op.create_table(
        "reading_correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("blank", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"],
            name=op.f("fk_reading_correction_document_id_document"), ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["person.id"], name=op.f("fk_reading_correction_actor_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading_correction")),
    )  # fmt: skip
    op.create_index("ix_reading_correction_document_id", "reading_correction", ["document_id"])
    for statement in _postgresql() if _on_postgresql() else _sqlite():
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("reading_correction")
    if _on_postgresql():
        op.execute(f"DROP FUNCTION {KEPT}()")
    op.execute("ALTER TABLE document DROP COLUMN reading")


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _sqlite() -> list[str]:
    return [f"""CREATE TRIGGER {KEPT} BEFORE UPDATE ON reading_correction
        BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"""]


def _postgresql() -> list[str]:
    return [
        f"""CREATE FUNCTION {KEPT}() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'restrict_violation';
            END $$""",
        f"""CREATE TRIGGER {KEPT} BEFORE UPDATE ON reading_correction
            FOR EACH ROW EXECUTE FUNCTION {KEPT}()""",
    ]
