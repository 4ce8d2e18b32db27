"""Actions that nobody can read are kept, too: of what kind they are is not always known."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let an action be of no kind, and find those that look odd."""
    op.alter_column("action", "kind", nullable=True)
    op.create_index(
        "ix_action_flagged",
        "action",
        ["happened_at"],
        postgresql_where=sa.text("flags <> '[]'::jsonb"),
    )


def downgrade() -> None:
    """An older version knows of none that cannot be read; the log has them still."""
    op.drop_index("ix_action_flagged", table_name="action")
    op.execute("DELETE FROM action WHERE kind IS NULL")
    op.alter_column("action", "kind", nullable=False)
