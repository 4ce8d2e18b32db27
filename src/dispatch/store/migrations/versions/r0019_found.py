"""What is asked most is found without reading all there is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add indexes: a job's visits, a day's, and what a technician has said last."""
    op.create_index("ix_visit_job_id", "visit", ["job_id"])
    op.create_index(
        "ix_visit_start_at", "visit", ["start_at"], postgresql_where=sa.text("start_at IS NOT NULL")
    )
    op.create_index("ix_action_latest", "action", ["technician_id", "happened_at", "sequence"])
    op.drop_index("ix_action_technician_id", "action")


def downgrade() -> None:
    """Drop them."""
    op.create_index("ix_action_technician_id", "action", ["technician_id"])
    op.drop_index("ix_action_latest", "action")
    op.drop_index("ix_visit_start_at", "visit")
    op.drop_index("ix_visit_job_id", "visit")
