"""Who wanted which offer, by which rules, and how reliable everybody was."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

LIMITS = ("claims_a_day", "claims_open")
CLAIMED = """
INSERT INTO claim (
    id, outlet_id, offer_id, technician_id, state, made_at, decided_at, reason, version
)
SELECT gen_random_uuid(), outlet_id, id, technician_id, 'won', claimed_at, claimed_at, '', 1
FROM offer WHERE state = 'claimed'
"""


def upgrade() -> None:
    """Make the tables, and the columns of offers and technicians."""
    op.create_table(
        "pool_rules",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("said", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_pool_rules_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool_rules")),
    )
    op.create_table(
        "credit",
        sa.Column("technician_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "on_time",
                "came_late",
                "handed_back",
                "handed_back_late",
                "no_show",
                "showed",
                "corrected",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("score", sa.BigInteger(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=True),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("outlet_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("score BETWEEN 0 AND 100", name=op.f("ck_credit_score")),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlet.id"], name=op.f("fk_credit_outlet_id")),
        sa.ForeignKeyConstraint(
            ["technician_id"], ["technician.id"], name=op.f("fk_credit_technician_id")
        ),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_credit_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit")),
        sa.UniqueConstraint("technician_id", "number", name=op.f("uq_credit_technician_id_number")),
    )
    op.create_index(op.f("ix_credit_outlet_id"), "credit", ["outlet_id"], unique=False)
    op.create_index(
        "uq_credit_once",
        "credit",
        ["visit_id", "technician_id", "kind"],
        unique=True,
        postgresql_where=sa.text("kind IN ('on_time', 'came_late', 'no_show', 'showed')"),
    )
    op.create_table(
        "claim",
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("technician_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "won",
                "lost",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("made_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("decided_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("cost_minor", sa.BigInteger(), nullable=True),
        sa.Column("debt_minor", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("outlet_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(state = 'open') = (decided_at IS NULL)", name=op.f("ck_claim_decision")
        ),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_claim_offer_id")),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlet.id"], name=op.f("fk_claim_outlet_id")),
        sa.ForeignKeyConstraint(
            ["technician_id"], ["technician.id"], name=op.f("fk_claim_technician_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
    )
    op.create_index("ix_claim_decided", "claim", ["technician_id", "decided_at"], unique=False)
    op.create_index(op.f("ix_claim_offer_id"), "claim", ["offer_id"], unique=False)
    op.create_index(op.f("ix_claim_outlet_id"), "claim", ["outlet_id"], unique=False)
    op.create_index(
        "uq_claim_open",
        "claim",
        ["offer_id", "technician_id"],
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "uq_claim_won",
        "claim",
        ["offer_id"],
        unique=True,
        postgresql_where=sa.text("state = 'won'"),
    )
    op.execute(
        "CREATE TRIGGER credit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON credit"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    _offer()
    _technician()
    op.execute(CLAIMED)


def _offer() -> None:
    """Every offer until now went to whoever came first."""
    mode = sa.Enum(
        "first_come",
        "batched",
        "leaders",
        name="mode",
        native_enum=False,
        create_constraint=True,
        length=20,
    )
    moment = postgresql.TIMESTAMP(timezone=True)
    op.add_column("offer", sa.Column("mode", mode, nullable=False, server_default="first_come"))
    op.alter_column("offer", "mode", server_default=None)
    op.add_column("offer", sa.Column("closes_at", moment, nullable=True))
    op.add_column("offer", sa.Column("push_at", moment, nullable=True))
    op.add_column("offer", sa.Column("min_score", sa.BigInteger(), nullable=True))
    op.create_check_constraint(
        op.f("ck_offer_bids"), "offer", "closes_at IS NULL OR mode = 'batched'"
    )
    op.create_check_constraint(op.f("ck_offer_score"), "offer", "min_score BETWEEN 0 AND 100")


def _technician() -> None:
    """Everybody is open for work, and nobody leads."""
    for name, usual in (("leader", sa.false()), ("open_for_work", sa.true())):
        op.add_column(
            "technician", sa.Column(name, sa.Boolean(), nullable=False, server_default=usual)
        )
        op.alter_column("technician", name, server_default=None)
    for name in LIMITS:
        op.add_column("technician", sa.Column(name, sa.BigInteger(), nullable=True))
        op.create_check_constraint(op.f(f"ck_technician_{name}"), "technician", f"{name} >= 0")


def downgrade() -> None:
    """Drop them, with all that is in them."""
    for name in ("leader", "open_for_work", *LIMITS):
        op.drop_column("technician", name)
    for name in ("mode", "closes_at", "push_at", "min_score"):
        op.drop_column("offer", name)
    for table in ("claim", "credit", "pool_rules"):
        op.drop_table(table)
