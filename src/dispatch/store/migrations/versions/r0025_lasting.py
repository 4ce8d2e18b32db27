"""Answers about money are kept for good."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep those that there are of payments, refunds and charges; the rest are forgotten."""
    op.add_column(
        "receipt", sa.Column("lasting", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.execute(
        "UPDATE receipt SET lasting = true WHERE answer ->> 'is' IN"
        " (SELECT id::text FROM payment UNION ALL SELECT id::text FROM charge)"
    )
    op.alter_column("receipt", "lasting", server_default=None)
    op.drop_index("ix_receipt_at", table_name="receipt")
    op.create_index(
        "ix_receipt_passing", "receipt", ["at"], postgresql_where=sa.text("NOT lasting")
    )


def downgrade() -> None:
    """An older version forgets all of them."""
    op.drop_index("ix_receipt_passing", table_name="receipt")
    op.create_index("ix_receipt_at", "receipt", ["at"])
    op.drop_column("receipt", "lasting")
