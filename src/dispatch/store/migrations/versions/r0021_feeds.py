"""Calendar feeds; who made the key of a program, and when it was used; when tokens were over."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

MOMENT = postgresql.TIMESTAMP(timezone=True)


def upgrade() -> None:
    """Make them; who made the keys that there are is in the event log."""
    op.create_table(
        "calendar_feed",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("last_used_at", MOMENT, nullable=True),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.Column("failures", sa.BigInteger(), nullable=False),
        sa.Column("locked_until", MOMENT, nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_calendar_feed_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("login", name=op.f("uq_calendar_feed_login")),
    )
    op.create_index(op.f("ix_calendar_feed_account_id"), "calendar_feed", ["account_id"])
    op.add_column("integration", sa.Column("made_by", sa.Text(), nullable=True))
    op.add_column("integration", sa.Column("last_used_at", MOMENT, nullable=True))
    op.create_index(op.f("ix_sign_in_refresh_until"), "sign_in", ["refresh_until"])
    op.create_index(op.f("ix_link_token_until"), "link_token", ["until"])


def downgrade() -> None:
    """Drop them, with all that is in them."""
    op.drop_index(op.f("ix_link_token_until"), "link_token")
    op.drop_index(op.f("ix_sign_in_refresh_until"), "sign_in")
    op.drop_column("integration", "last_used_at")
    op.drop_column("integration", "made_by")
    op.drop_table("calendar_feed")
