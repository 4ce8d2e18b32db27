"""By what all refresh tokens of a sign-in are known, so that any that was used before ends it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the column; sign-ins that there are get theirs with their next token."""
    op.add_column("sign_in", sa.Column("family", sa.LargeBinary(), nullable=True))
    op.create_unique_constraint(op.f("uq_sign_in_family"), "sign_in", ["family"])


def downgrade() -> None:
    """Drop it."""
    op.drop_column("sign_in", "family")
