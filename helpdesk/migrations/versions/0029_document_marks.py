"""What staff have said of documents and their checks; like other history, it stays as it is"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0029"
down_revision: str | None = "0028"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

KEPT = "document_mark_stays"
REFUSAL = "history is never changed"


def upgrade() -> None:
    op.create_table(
        "document_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column(
            "said",
            sa.Enum("fine", "not_fine", name="said", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"],
            name=op.f("fk_document_mark_document_id_document"), ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["person.id"], name=op.f("fk_document_mark_actor_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_mark")),
    )  # fmt: skip
    op.create_index("ix_document_mark_document_id", "document_mark", ["document_id"])
    for statement in _postgresql() if _on_postgresql() else _sqlite():
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("document_mark")
    if _on_postgresql():
        op.execute(f"DROP FUNCTION {KEPT}()")


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _sqlite() -> list[str]:
    return [f"""CREATE TRIGGER {KEPT} BEFORE UPDATE ON document_mark
        BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"""]


def _postgresql() -> list[str]:
    return [
        f"""CREATE FUNCTION {KEPT}() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'restrict_violation';
            END $$""",
        f"""CREATE TRIGGER {KEPT} BEFORE UPDATE ON document_mark
            FOR EACH ROW EXECUTE FUNCTION {KEPT}()""",
    ]
