"""Payments and lines of the ledger are found by their day."""

from __future__ import annotations

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let them be found by when they were written down."""
    op.create_index(op.f("ix_payment_taken_at"), "payment", ["taken_at"])
    op.create_index(op.f("ix_ledger_line_at"), "ledger_line", ["at"])


def downgrade() -> None:
    """An older version looks for none of them by day."""
    op.drop_index(op.f("ix_ledger_line_at"), table_name="ledger_line")
    op.drop_index(op.f("ix_payment_taken_at"), table_name="payment")
