"""Devices of two technicians may have one name."""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Count each technician's actions by themselves."""
    op.drop_constraint("uq_action_device_sequence", "action", type_="unique")
    op.create_unique_constraint(
        "uq_action_technician_id_device_sequence", "action", ["technician_id", "device", "sequence"]
    )


def downgrade() -> None:
    """Count them by the device alone; fails where two technicians share one."""
    op.drop_constraint("uq_action_technician_id_device_sequence", "action", type_="unique")
    op.create_unique_constraint("uq_action_device_sequence", "action", ["device", "sequence"])
