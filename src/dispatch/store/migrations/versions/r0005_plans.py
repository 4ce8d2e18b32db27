"""Runs, plans, boards and schedules."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "board",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board")),
        sa.UniqueConstraint("day", name=op.f("uq_board_day")),
    )
    op.create_table(
        "run",
        sa.Column("board_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "solving",
                "solved",
                "failed",
                "cancelled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("start_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("end_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("engine", sa.Text(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("requested_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("board_version", sa.BigInteger(), nullable=True),
        sa.Column("day", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("taken", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("worker", sa.Text(), nullable=True),
        sa.Column("alive_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("begun_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("ended_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("progress", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("phase", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("outlet_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("end_at > start_at", name=op.f("ck_run_order")),
        sa.ForeignKeyConstraint(["board_id"], ["board.id"], name=op.f("fk_run_board_id")),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlet.id"], name=op.f("fk_run_outlet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
    )
    op.create_index(op.f("ix_run_board_id"), "run", ["board_id"], unique=False)
    op.create_index(op.f("ix_run_outlet_id"), "run", ["outlet_id"], unique=False)
    op.create_index(op.f("ix_run_state"), "run", ["state"], unique=False)
    op.create_table(
        "plan",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "published",
                "stale",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("made_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("said", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("outlet_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlet.id"], name=op.f("fk_plan_outlet_id")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_plan_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sa.UniqueConstraint("run_id", name=op.f("uq_plan_run_id")),
    )
    op.create_index(op.f("ix_plan_outlet_id"), "plan", ["outlet_id"], unique=False)
    op.create_table(
        "schedule",
        sa.Column("board_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=True),
        sa.Column("published_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("published_by", sa.Text(), nullable=False),
        sa.Column("routes", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("conflicts", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("outlet_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["board_id"], ["board.id"], name=op.f("fk_schedule_board_id")),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlet.id"], name=op.f("fk_schedule_outlet_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_schedule_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedule")),
        sa.UniqueConstraint("board_id", "number", name=op.f("uq_schedule_board_id_number")),
    )
    op.create_index(op.f("ix_schedule_outlet_id"), "schedule", ["outlet_id"], unique=False)
    op.create_index(op.f("ix_schedule_plan_id"), "schedule", ["plan_id"], unique=False)
    op.execute(
        "CREATE TRIGGER schedule_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON schedule"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    """Drop them, with all that is in them."""
    op.drop_table("schedule")
    op.drop_table("plan")
    op.drop_table("run")
    op.drop_table("board")
