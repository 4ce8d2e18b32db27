"""When visits have ended; of those that ended under older versions, no column says it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let it be told; what the log knows from before a way down is there again."""
    ended = sa.Column("ended_at", postgresql.TIMESTAMP(timezone=True), nullable=True)
    op.add_column("visit", ended)
    op.execute("""
        UPDATE visit SET ended_at = (event.after ->> 'ended_at')::timestamptz
        FROM event
        WHERE event.subject_kind = 'visit' AND event.subject_id = visit.id
        AND event.after ->> 'ended_at' IS NOT NULL
    """)


def downgrade() -> None:
    """The log keeps it."""
    op.drop_column("visit", "ended_at")
