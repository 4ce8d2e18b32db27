"""Calendar feeds; who made the key of a program, and when it was used; when tokens were over."""

from __future__ import annotations

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make them."""
    op.create_index(op.f("ix_sign_in_refresh_until"), "sign_in", ["refresh_until"])
    op.create_index(op.f("ix_link_token_until"), "link_token", ["until"])


def downgrade() -> None:
    """Drop them."""
    op.drop_index(op.f("ix_link_token_until"), "link_token")
    op.drop_index(op.f("ix_sign_in_refresh_until"), "sign_in")
