"""Who is asked to take a visit, and who has handed one on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "push",
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("technician_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "sent",
                "accepted",
                "declined",
                "timed_out",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("chain", sa.Uuid(), nullable=False),
        sa.Column("patience_s", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("answer_by", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("answered_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("followed", sa.Boolean(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("outlet_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(state = 'sent') = (answered_at IS NULL)", name=op.f("ck_push_answer")),
        sa.CheckConstraint("answer_by > sent_at", name=op.f("ck_push_order")),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlet.id"], name=op.f("fk_push_outlet_id")),
        sa.ForeignKeyConstraint(
            ["technician_id"], ["technician.id"], name=op.f("fk_push_technician_id")
        ),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_push_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push")),
    )
    op.create_index(
        "ix_push_due",
        "push",
        ["answer_by"],
        unique=False,
        postgresql_where=sa.text("state = 'sent'"),
    )
    op.create_index(
        "ix_push_left",
        "push",
        ["id"],
        unique=False,
        postgresql_where=sa.text("state IN ('declined', 'timed_out') AND NOT followed"),
    )
    op.create_index(op.f("ix_push_outlet_id"), "push", ["outlet_id"], unique=False)
    op.create_index(op.f("ix_push_technician_id"), "push", ["technician_id"], unique=False)
    op.create_index(op.f("ix_push_visit_id"), "push", ["visit_id"], unique=False)
    op.create_index(
        "uq_push_visit",
        "push",
        ["visit_id"],
        unique=True,
        postgresql_where=sa.text("state = 'sent'"),
    )
    op.create_table(
        "transfer",
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("from_id", sa.Uuid(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=True),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("outlet_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["from_id"], ["technician.id"], name=op.f("fk_transfer_from_id")),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlet.id"], name=op.f("fk_transfer_outlet_id")),
        sa.ForeignKeyConstraint(["to_id"], ["technician.id"], name=op.f("fk_transfer_to_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_transfer_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer")),
    )
    op.create_index(op.f("ix_transfer_outlet_id"), "transfer", ["outlet_id"], unique=False)
    op.create_index(op.f("ix_transfer_visit_id"), "transfer", ["visit_id"], unique=False)


def downgrade() -> None:
    """Drop them, with all that is in them."""
    op.drop_table("transfer")
    op.drop_table("push")
