"""Who is asked to sign a worksheet by a mailed link

Back: links that were mailed end, and a request that waits for signatures waits for an answer; what
was accepted all the same is fine, as the version before has one word for both.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0030"
down_revision: str | None = "0029"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

KEPT = "document_mark_stays"
"""The trigger by which no mark is ever changed."""

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "signature_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("typed", sa.Boolean(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("token_hash", sa.String(), nullable=True),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.Column("signed_at", MOMENT, nullable=True),
        sa.Column("declined_at", MOMENT, nullable=True),
        sa.Column("declined", sa.String(), nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_signature_request_ticket_id_ticket")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"],
            name=op.f("fk_signature_request_document_id_document"), ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_signature_request_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signature_request")),
        sa.UniqueConstraint("document_id", "who", name="uq_signature_request_document_id"),
        sa.UniqueConstraint("token_hash", name=op.f("uq_signature_request_token_hash")),
    )  # fmt: skip
    op.create_index("ix_signature_request_ticket_id", "signature_request", ["ticket_id"])


def downgrade() -> None:
    op.drop_table("signature_request")
    link, marks = op.get_bind(), "UPDATE document_mark SET said = 'fine' WHERE said = 'despite'"
    if link.dialect.name == "postgresql":
        op.execute(f"ALTER TABLE document_mark DISABLE TRIGGER {KEPT}")
        op.execute(marks)
        op.execute(f"ALTER TABLE document_mark ENABLE TRIGGER {KEPT}")
        return
    named = sa.text("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = :name")
    trigger = link.scalar(named, {"name": KEPT})
    op.execute(f"DROP TRIGGER {KEPT}")
    op.execute(marks)
    op.execute(trigger)
