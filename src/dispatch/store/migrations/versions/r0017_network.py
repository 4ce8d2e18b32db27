"""Outlets close, skills retire, and a certificate says what proves it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """All that there is, is open; of no certificate anything is known."""
    for table in ("outlet", "skill"):
        op.add_column(
            table, sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False)
        )
        op.alter_column(table, "active", server_default=None)
    op.add_column(
        "technician_skill",
        sa.Column(
            "certificate",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            nullable=True,
        ),
    )


def downgrade() -> None:
    """What is closed or retired is open again."""
    op.drop_column("technician_skill", "certificate")
    op.drop_column("skill", "active")
    op.drop_column("outlet", "active")
