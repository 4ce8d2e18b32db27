"""What shows that a visit was done, pauses, and what job types demand."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

KEPT = ("evidence", "completion", "part_used")
"""Of these nothing is thrown away."""
STATES = (
    *("unscheduled", "scheduled", "dispatched", "en_route", "on_site", "in_progress"),
    *("suspended", "completed", "not_done", "cancelled"),
)
KINDS = ("depart", "check_in", "start", "suspend", "complete", "not_done")


def upgrade() -> None:
    """Make tables and columns; what there is stays, and demands nothing."""
    _words("visit", "state", (*STATES, "paused"))
    _words("action", "kind", (*KINDS, "pause", "resume"))
    none = sa.text("'{}'::jsonb")
    for column in (
        sa.Column("began_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("paused_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("paused_s", sa.BigInteger(), nullable=False, server_default="0"),
    ):
        op.add_column("visit", column)
    op.alter_column("visit", "paused_s", server_default=None)
    demands = sa.Column("demands", postgresql.JSONB(), nullable=False, server_default=none)
    op.add_column("job_type", demands)
    op.alter_column("job_type", "demands", server_default=None)
    op.create_table(
        "completion_code",
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("given_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("failures", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("outlet_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("failures >= 0", name=op.f("ck_completion_code_failures")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_completion_code_job_id")),
        sa.ForeignKeyConstraint(
            ["outlet_id"], ["outlet.id"], name=op.f("fk_completion_code_outlet_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_completion_code")),
        sa.UniqueConstraint("job_id", name=op.f("uq_completion_code_job_id")),
    )
    op.create_index(
        op.f("ix_completion_code_outlet_id"), "completion_code", ["outlet_id"], unique=False
    )
    op.create_table(
        "evidence",
        sa.Column("technician_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=True),
        sa.Column("device", sa.Text(), nullable=True),
        sa.Column("sequence", sa.BigInteger(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "photo",
                "signature",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("media", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("width", sa.BigInteger(), nullable=False),
        sa.Column("height", sa.BigInteger(), nullable=False),
        sa.Column("served_sha256", sa.Text(), nullable=False),
        sa.Column("served_media", sa.Text(), nullable=False),
        sa.Column("taken_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("received_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("flags", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("outlet_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "served_sha256 ~ '^[0-9a-f]{64}$'", name=op.f("ck_evidence_served_sha256")
        ),
        sa.CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name=op.f("ck_evidence_sha256")),
        sa.CheckConstraint(
            "(device IS NULL) = (sequence IS NULL)", name=op.f("ck_evidence_action")
        ),
        sa.CheckConstraint("(lat IS NULL) = (lon IS NULL)", name=op.f("ck_evidence_position")),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlet.id"], name=op.f("fk_evidence_outlet_id")),
        sa.ForeignKeyConstraint(
            ["technician_id"], ["technician.id"], name=op.f("fk_evidence_technician_id")
        ),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_evidence_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint(
            "technician_id", "sha256", name=op.f("uq_evidence_technician_id_sha256")
        ),
    )
    op.create_index(
        "ix_evidence_action",
        "evidence",
        ["technician_id", "device", "sequence"],
        unique=False,
        postgresql_where=sa.text("device IS NOT NULL"),
    )
    op.create_index(op.f("ix_evidence_outlet_id"), "evidence", ["outlet_id"], unique=False)
    op.create_index(op.f("ix_evidence_received_at"), "evidence", ["received_at"], unique=False)
    op.create_index(op.f("ix_evidence_visit_id"), "evidence", ["visit_id"], unique=False)
    op.create_table(
        "completion",
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("action_id", sa.Uuid(), nullable=False),
        sa.Column("technician_id", sa.Uuid(), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("code_right", sa.Boolean(), nullable=False),
        sa.Column("files", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("awaited", sa.BigInteger(), nullable=False),
        sa.Column("serial", sa.Text(), nullable=False),
        sa.Column("serial_known", sa.Boolean(), nullable=True),
        sa.Column("work_s", sa.BigInteger(), nullable=True),
        sa.Column("paused_s", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("outlet_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("awaited >= 0", name=op.f("ck_completion_awaited")),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_completion_action_id")),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlet.id"], name=op.f("fk_completion_outlet_id")),
        sa.ForeignKeyConstraint(
            ["technician_id"], ["technician.id"], name=op.f("fk_completion_technician_id")
        ),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_completion_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_completion")),
        sa.UniqueConstraint("visit_id", name=op.f("uq_completion_visit_id")),
    )
    op.create_index(op.f("ix_completion_action_id"), "completion", ["action_id"], unique=False)
    op.create_index(
        "ix_completion_awaited",
        "completion",
        ["id"],
        unique=False,
        postgresql_where=sa.text("awaited > 0"),
    )
    op.create_index(op.f("ix_completion_outlet_id"), "completion", ["outlet_id"], unique=False)
    op.create_index(
        op.f("ix_completion_technician_id"), "completion", ["technician_id"], unique=False
    )
    op.create_table(
        "part_used",
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("action_id", sa.Uuid(), nullable=False),
        sa.Column("technician_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("serial", sa.Text(), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("outlet_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_part_used_quantity")),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_part_used_action_id")),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlet.id"], name=op.f("fk_part_used_outlet_id")),
        sa.ForeignKeyConstraint(
            ["technician_id"], ["technician.id"], name=op.f("fk_part_used_technician_id")
        ),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_part_used_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_part_used")),
    )
    op.create_index(op.f("ix_part_used_action_id"), "part_used", ["action_id"], unique=False)
    op.create_index(op.f("ix_part_used_outlet_id"), "part_used", ["outlet_id"], unique=False)
    op.create_index(
        op.f("ix_part_used_technician_id"), "part_used", ["technician_id"], unique=False
    )
    op.create_index(op.f("ix_part_used_visit_id"), "part_used", ["visit_id"], unique=False)
    for table in KEPT:
        op.execute(
            f"CREATE TRIGGER {table}_kept BEFORE DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    """Drop them, with all that is in them; fails where a technician has paused."""
    op.drop_table("part_used")
    op.drop_table("completion")
    op.drop_table("evidence")
    op.drop_table("completion_code")
    op.drop_column("job_type", "demands")
    for column in ("began_at", "paused_at", "paused_s"):
        op.drop_column("visit", column)
    _words("action", "kind", KINDS)
    _words("visit", "state", STATES)


def _words(table: str, column: str, words: tuple[str, ...]) -> None:
    """Let a column take these words and no others."""
    op.drop_constraint(op.f(f"ck_{table}_{column}"), table, type_="check")
    known = ", ".join(f"'{word}'" for word in words)
    op.create_check_constraint(op.f(f"ck_{table}_{column}"), table, f"{column} IN ({known})")
