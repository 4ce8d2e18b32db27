"""What technicians have said, and what became of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "action",
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("technician_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "depart",
                "check_in",
                "start",
                "suspend",
                "complete",
                "not_done",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("said", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("happened_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("received_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("skew_s", sa.BigInteger(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "applied",
                "rejected",
                "conflict",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("flags", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("settled_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("settled_by", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("outlet_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlet.id"], name=op.f("fk_action_outlet_id")),
        sa.ForeignKeyConstraint(
            ["technician_id"], ["technician.id"], name=op.f("fk_action_technician_id")
        ),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_action_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action")),
        sa.UniqueConstraint("device", "sequence", name=op.f("uq_action_device_sequence")),
    )
    op.create_index(
        "ix_action_inbox",
        "action",
        ["outlet_id"],
        unique=False,
        postgresql_where=sa.text("outcome = 'conflict' AND settled_at IS NULL"),
    )
    op.create_index(op.f("ix_action_outlet_id"), "action", ["outlet_id"], unique=False)
    op.create_index(op.f("ix_action_technician_id"), "action", ["technician_id"], unique=False)
    op.create_index(op.f("ix_action_visit_id"), "action", ["visit_id"], unique=False)


def downgrade() -> None:
    """Drop them, with all that is in them."""
    op.drop_table("action")
