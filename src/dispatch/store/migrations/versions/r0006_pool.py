"""Offers, pushes and transfers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "offer",
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "claimed",
                "expired",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("fee_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("published_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("expires_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("technician_id", sa.Uuid(), nullable=True),
        sa.Column("claimed_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("outlet_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(state = 'claimed') = (technician_id IS NOT NULL)", name=op.f("ck_offer_owner")
        ),
        sa.CheckConstraint(
            "(technician_id IS NULL) = (claimed_at IS NULL)", name=op.f("ck_offer_claim")
        ),
        sa.CheckConstraint("fee_minor >= 0", name=op.f("ck_offer_fee")),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlet.id"], name=op.f("fk_offer_outlet_id")),
        sa.ForeignKeyConstraint(
            ["technician_id"], ["technician.id"], name=op.f("fk_offer_technician_id")
        ),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_offer_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer")),
    )
    op.create_index(
        "ix_offer_open",
        "offer",
        ["expires_at"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(op.f("ix_offer_outlet_id"), "offer", ["outlet_id"], unique=False)
    op.create_index(op.f("ix_offer_technician_id"), "offer", ["technician_id"], unique=False)
    op.create_index(
        "uq_offer_visit",
        "offer",
        ["visit_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('open', 'claimed')"),
    )


def downgrade() -> None:
    """Drop them, with all that is in them."""
    op.drop_table("offer")
