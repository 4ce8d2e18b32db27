"""When breaks are taken is on record."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of no shift so far."""
    op.add_column(
        "shift",
        sa.Column(
            "planned_breaks",
            postgresql.JSONB(none_as_null=True),
            nullable=False,
            server_default="[]",
        ),
    )
    op.alter_column("shift", "planned_breaks", server_default=None)


def downgrade() -> None:
    """Forget it."""
    op.drop_column("shift", "planned_breaks")
