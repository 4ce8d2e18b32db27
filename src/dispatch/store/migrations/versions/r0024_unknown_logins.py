"""Names under which somebody tried to sign in and which nobody has."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "unknown_login",
        sa.Column("login", sa.LargeBinary(), nullable=False),
        sa.Column("failures", sa.BigInteger(), nullable=False),
        sa.Column("locked_until", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("tried_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("login", name=op.f("pk_unknown_login")),
    )
    op.create_index(op.f("ix_unknown_login_tried_at"), "unknown_login", ["tried_at"], unique=False)


def downgrade() -> None:
    """Drop them, with all that is in them."""
    op.drop_table("unknown_login")
