"""Jobs and their visits."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "job",
        sa.Column("type_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "open",
                "offered",
                "scheduled",
                "in_progress",
                "on_hold",
                "completed",
                "verified",
                "settled",
                "cancelled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("priority", sa.BigInteger(), nullable=False),
        sa.Column("sla_due", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("earliest", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("latest", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("said", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("fields", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("outlet_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("earliest <= latest", name=op.f("ck_job_order")),
        sa.CheckConstraint("priority BETWEEN 1 AND 5", name=op.f("ck_job_priority")),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlet.id"], name=op.f("fk_job_outlet_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_job_site_id")),
        sa.ForeignKeyConstraint(["type_id"], ["job_type.id"], name=op.f("fk_job_type_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("key", name=op.f("uq_job_key")),
    )
    op.create_index(op.f("ix_job_outlet_id"), "job", ["outlet_id"], unique=False)
    op.create_index(op.f("ix_job_site_id"), "job", ["site_id"], unique=False)
    op.create_index(op.f("ix_job_state"), "job", ["state"], unique=False)
    op.create_index(op.f("ix_job_type_id"), "job", ["type_id"], unique=False)
    op.create_index("ix_job_when", "job", ["earliest", "latest"], unique=False)
    op.create_table(
        "visit",
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.BigInteger(), nullable=False),
        sa.Column("seat", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "unscheduled",
                "scheduled",
                "dispatched",
                "en_route",
                "on_site",
                "in_progress",
                "suspended",
                "completed",
                "not_done",
                "cancelled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("technician_id", sa.Uuid(), nullable=True),
        sa.Column("shift_id", sa.Uuid(), nullable=True),
        sa.Column("place", sa.BigInteger(), nullable=True),
        sa.Column("arrive_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("start_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("end_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("promised_from", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("promised_to", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("pin", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("outlet_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "technician_id IS NOT NULL OR state IN ('unscheduled', 'cancelled')",
            name=op.f("ck_visit_owner"),
        ),
        sa.CheckConstraint(
            "(promised_from IS NULL) = (promised_to IS NULL)", name=op.f("ck_visit_promise")
        ),
        sa.CheckConstraint("(technician_id IS NULL) = (end_at IS NULL)", name=op.f("ck_visit_end")),
        sa.CheckConstraint(
            "(technician_id IS NULL) = (start_at IS NULL)", name=op.f("ck_visit_start")
        ),
        sa.CheckConstraint("start_at <= end_at", name=op.f("ck_visit_order")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_visit_job_id")),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlet.id"], name=op.f("fk_visit_outlet_id")),
        sa.ForeignKeyConstraint(["shift_id"], ["shift.id"], name=op.f("fk_visit_shift_id")),
        sa.ForeignKeyConstraint(
            ["technician_id"], ["technician.id"], name=op.f("fk_visit_technician_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
    )
    op.create_index(op.f("ix_visit_outlet_id"), "visit", ["outlet_id"], unique=False)
    op.create_index(
        "ix_visit_route",
        "visit",
        ["technician_id", "start_at"],
        unique=False,
        postgresql_where=sa.text("technician_id IS NOT NULL"),
    )
    op.create_index(op.f("ix_visit_shift_id"), "visit", ["shift_id"], unique=False)
    op.create_index(op.f("ix_visit_state"), "visit", ["state"], unique=False)
    op.create_index(
        "uq_visit_seat",
        "visit",
        ["job_id", "part", "seat"],
        unique=True,
        postgresql_where=sa.text("state <> 'cancelled'"),
    )


def downgrade() -> None:
    """Drop them, with all that is in them."""
    op.drop_table("visit")
    op.drop_table("job")
