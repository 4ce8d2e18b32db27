"""Which outlet takes care of a customer, and of a site."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TABLES = ("customer", "site")


def upgrade() -> None:
    """Add the columns; what is there already is everybody's."""
    for table in TABLES:
        op.add_column(table, sa.Column("outlet_id", sa.Uuid(), nullable=True))
        op.create_index(f"ix_{table}_outlet_id", table, ["outlet_id"])
        op.create_foreign_key(f"fk_{table}_outlet_id", table, "outlet", ["outlet_id"], ["id"])


def downgrade() -> None:
    """Drop them."""
    for table in TABLES:
        op.drop_column(table, "outlet_id")
