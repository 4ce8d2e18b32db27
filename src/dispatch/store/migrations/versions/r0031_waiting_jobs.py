"""Jobs that wait for others are found by these."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Whoever moves a job sees at once what waits for it."""
    waiting = (
        "said ? 'dependencies'"
        " AND state IN ('open', 'offered', 'scheduled', 'in_progress', 'on_hold')"
    )
    op.create_index("ix_job_waiting", "job", ["id"], postgresql_where=sa.text(waiting))


def downgrade() -> None:
    """An older version does not look."""
    op.drop_index("ix_job_waiting", table_name="job")
