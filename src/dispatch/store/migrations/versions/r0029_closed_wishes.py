"""Wishes that nobody answers any more, as the work is over."""

from __future__ import annotations

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

STATES = ("asked", "granted", "declined")


def upgrade() -> None:
    """Let there be one more state."""
    _states(*STATES, "closed")


def downgrade() -> None:
    """What was closed has not been done, as what was declined."""
    op.execute("UPDATE wish SET state = 'declined' WHERE state = 'closed'")
    _states(*STATES)


def _states(*words: str) -> None:
    op.drop_constraint(op.f("ck_wish_state"), "wish", type_="check")
    known = ", ".join(f"'{word}'" for word in words)
    op.create_check_constraint(op.f("ck_wish_state"), "wish", f"state IN ({known})")
