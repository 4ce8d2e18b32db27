"""What is owed, what was paid, and nothing of it ever changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

APPEND_ONLY = ("payment", "ledger_line")
REFUSE_UNBALANCED = """
CREATE FUNCTION refuse_unbalanced() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM ledger_line WHERE posting_id = NEW.posting_id
        GROUP BY currency HAVING sum(amount_minor) <> 0
    ) THEN
        RAISE EXCEPTION 'posting % does not sum to zero', NEW.posting_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$
"""


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "charge",
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "approved",
                "declined",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("proposed_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("proposed_by", sa.Text(), nullable=False),
        sa.Column("technician_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("customer", sa.Text(), nullable=True),
        sa.Column(
            "how",
            sa.Enum(
                "in_person",
                "signature",
                "phone",
                "message",
                "contract",
                name="how",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=True,
        ),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("outlet_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(state = 'proposed') = (decided_at IS NULL)", name=op.f("ck_charge_decision")
        ),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_charge_amount")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_charge_quantity")),
        sa.ForeignKeyConstraint(["item_id"], ["service_item.id"], name=op.f("fk_charge_item_id")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_charge_job_id")),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlet.id"], name=op.f("fk_charge_outlet_id")),
        sa.ForeignKeyConstraint(
            ["technician_id"], ["technician.id"], name=op.f("fk_charge_technician_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charge")),
    )
    op.create_index(op.f("ix_charge_item_id"), "charge", ["item_id"], unique=False)
    op.create_index(op.f("ix_charge_job_id"), "charge", ["job_id"], unique=False)
    op.create_index(op.f("ix_charge_outlet_id"), "charge", ["outlet_id"], unique=False)
    op.create_index(op.f("ix_charge_technician_id"), "charge", ["technician_id"], unique=False)
    op.create_table(
        "payment",
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column(
            "method",
            sa.Enum(
                "cash",
                "card",
                "transfer",
                "wechat",
                "alipay",
                name="method",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("taken_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("taken_by", sa.Text(), nullable=False),
        sa.Column("technician_id", sa.Uuid(), nullable=True),
        sa.Column("reverses_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("notice", sa.Text(), nullable=True),
        sa.Column("outlet_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_payment_amount")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_payment_job_id")),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlet.id"], name=op.f("fk_payment_outlet_id")),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["payment.id"], name=op.f("fk_payment_reverses_id")
        ),
        sa.ForeignKeyConstraint(
            ["technician_id"], ["technician.id"], name=op.f("fk_payment_technician_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
    )
    op.create_index(op.f("ix_payment_job_id"), "payment", ["job_id"], unique=False)
    op.create_index(op.f("ix_payment_outlet_id"), "payment", ["outlet_id"], unique=False)
    op.create_index(op.f("ix_payment_reverses_id"), "payment", ["reverses_id"], unique=False)
    op.create_index(op.f("ix_payment_technician_id"), "payment", ["technician_id"], unique=False)
    op.create_index("uq_payment_notice", "payment", ["notice"], unique=True)
    op.create_table(
        "ledger_line",
        sa.Column("posting_id", sa.Uuid(), nullable=False),
        sa.Column(
            "posting",
            sa.Enum(
                "charge",
                "payment",
                "refund",
                "waiver",
                name="posting",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("charge_id", sa.Uuid(), nullable=True),
        sa.Column("payment_id", sa.Uuid(), nullable=True),
        sa.Column(
            "account",
            sa.Enum(
                "receivable",
                "cash",
                "card",
                "transfer",
                "wechat",
                "alipay",
                "revenue",
                "waived",
                name="account",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("outlet_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("amount_minor <> 0", name=op.f("ck_ledger_line_amount")),
        sa.ForeignKeyConstraint(
            ["charge_id"], ["charge.id"], name=op.f("fk_ledger_line_charge_id")
        ),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_ledger_line_job_id")),
        sa.ForeignKeyConstraint(
            ["outlet_id"], ["outlet.id"], name=op.f("fk_ledger_line_outlet_id")
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payment.id"], name=op.f("fk_ledger_line_payment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_line")),
    )
    op.create_index(op.f("ix_ledger_line_charge_id"), "ledger_line", ["charge_id"], unique=False)
    op.create_index(op.f("ix_ledger_line_job_id"), "ledger_line", ["job_id"], unique=False)
    op.create_index(op.f("ix_ledger_line_outlet_id"), "ledger_line", ["outlet_id"], unique=False)
    op.create_index(op.f("ix_ledger_line_payment_id"), "ledger_line", ["payment_id"], unique=False)
    op.create_index(op.f("ix_ledger_line_posting_id"), "ledger_line", ["posting_id"], unique=False)
    for table in APPEND_ONLY:  # the function is that of the event log
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    op.execute(REFUSE_UNBALANCED)
    # Asked when the transaction ends: until then lines may still come.
    op.execute(
        "CREATE CONSTRAINT TRIGGER ledger_line_balanced AFTER INSERT ON ledger_line"
        " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_unbalanced()"
    )


def downgrade() -> None:
    """Drop them, with all that is in them."""
    op.drop_table("ledger_line")
    op.drop_table("payment")
    op.drop_table("charge")
    op.execute("DROP FUNCTION refuse_unbalanced()")
