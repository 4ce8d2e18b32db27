"""Charges that were approved and taken back."""

from __future__ import annotations

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

STATES = ("proposed", "approved", "declined")


def upgrade() -> None:
    """Let there be one more state."""
    _states(*STATES, "reversed")


def downgrade() -> None:
    """What was taken back is owed by nobody, as what was declined."""
    op.execute("UPDATE charge SET state = 'declined' WHERE state = 'reversed'")
    _states(*STATES)


def _states(*words: str) -> None:
    op.drop_constraint(op.f("ck_charge_state"), "charge", type_="check")
    known = ", ".join(f"'{word}'" for word in words)
    op.create_check_constraint(op.f("ck_charge_state"), "charge", f"state IN ({known})")
