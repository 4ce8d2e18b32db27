"""Payments are found by their references."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let the same number be found on another job."""
    where = sa.text("reference <> ''")
    op.create_index("ix_payment_reference", "payment", ["reference"], postgresql_where=where)


def downgrade() -> None:
    """An older version looks for it on the job only."""
    op.drop_index("ix_payment_reference", table_name="payment")
