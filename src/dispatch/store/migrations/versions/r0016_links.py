"""Links of customers, what they wish and think, and people whom an identity provider knows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

HOW = ("in_person", "signature", "phone", "message", "contract")
BY_LINK = "link"


def upgrade() -> None:
    """Make the tables."""
    _approved_how(*HOW, BY_LINK)
    for column in ("email", "issuer", "subject"):
        op.add_column("account", sa.Column(column, sa.Text(), nullable=True))
    op.create_unique_constraint("uq_account_email", "account", ["email"])
    op.create_unique_constraint("uq_account_issuer_subject", "account", ["issuer", "subject"])
    op.create_check_constraint(op.f("ck_account_email"), "account", "email = lower(email)")
    op.create_check_constraint(
        op.f("ck_account_bound"), "account", "(issuer IS NULL) = (subject IS NULL)"
    )
    op.create_table(
        "pending_sign_in",
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.Column("kept", sa.LargeBinary(), nullable=False),
        sa.Column("nonce", sa.LargeBinary(), nullable=False),
        sa.Column("verifier", sa.Text(), nullable=False),
        sa.Column("until", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pending_sign_in")),
        sa.UniqueConstraint("state", name=op.f("uq_pending_sign_in_state")),
    )
    op.create_index(op.f("ix_pending_sign_in_until"), "pending_sign_in", ["until"], unique=False)
    op.create_table(
        "customer_link",
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("expires_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("revoked_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("failures", sa.BigInteger(), nullable=False),
        sa.Column("locked_until", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("outlet_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_customer_link_job_id")),
        sa.ForeignKeyConstraint(
            ["outlet_id"], ["outlet.id"], name=op.f("fk_customer_link_outlet_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_link")),
    )
    op.create_index(op.f("ix_customer_link_job_id"), "customer_link", ["job_id"], unique=False)
    op.create_index(
        op.f("ix_customer_link_outlet_id"), "customer_link", ["outlet_id"], unique=False
    )
    op.create_table(
        "link_token",
        sa.Column("link_id", sa.Uuid(), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("until", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["link_id"], ["customer_link.id"], name=op.f("fk_link_token_link_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_token")),
        sa.UniqueConstraint("token", name=op.f("uq_link_token_token")),
    )
    op.create_index(op.f("ix_link_token_link_id"), "link_token", ["link_id"], unique=False)
    op.create_table(
        "rating",
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("link_id", sa.Uuid(), nullable=False),
        sa.Column("stars", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("outlet_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name=op.f("ck_rating_stars")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_rating_job_id")),
        sa.ForeignKeyConstraint(["link_id"], ["customer_link.id"], name=op.f("fk_rating_link_id")),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlet.id"], name=op.f("fk_rating_outlet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating")),
        sa.UniqueConstraint("job_id", name=op.f("uq_rating_job_id")),
    )
    op.create_index(op.f("ix_rating_link_id"), "rating", ["link_id"], unique=False)
    op.create_index(op.f("ix_rating_outlet_id"), "rating", ["outlet_id"], unique=False)
    op.create_table(
        "wish",
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("link_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "cancel",
                "window",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "granted",
                "declined",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("window_from", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("window_to", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("asked_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("decided_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("outlet_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'window') = (window_from IS NOT NULL)", name=op.f("ck_wish_window")
        ),
        sa.CheckConstraint(
            "(state = 'asked') = (decided_at IS NULL)", name=op.f("ck_wish_decision")
        ),
        sa.CheckConstraint(
            "(window_from IS NULL) = (window_to IS NULL)", name=op.f("ck_wish_whole")
        ),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_wish_job_id")),
        sa.ForeignKeyConstraint(["link_id"], ["customer_link.id"], name=op.f("fk_wish_link_id")),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlet.id"], name=op.f("fk_wish_outlet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wish")),
    )
    op.create_index(op.f("ix_wish_job_id"), "wish", ["job_id"], unique=False)
    op.create_index(op.f("ix_wish_link_id"), "wish", ["link_id"], unique=False)
    op.create_index(op.f("ix_wish_outlet_id"), "wish", ["outlet_id"], unique=False)
    op.create_index(
        "uq_wish_asked",
        "wish",
        ["job_id", "kind"],
        unique=True,
        postgresql_where=sa.text("state = 'asked'"),
    )


def downgrade() -> None:
    """Drop them, with all that is in them."""
    op.drop_table("wish")
    op.drop_table("rating")
    op.drop_table("link_token")
    op.drop_table("customer_link")
    op.drop_table("pending_sign_in")
    for constraint in ("ck_account_bound", "ck_account_email"):
        op.drop_constraint(op.f(constraint), "account", type_="check")
    for column in ("subject", "issuer", "email"):
        op.drop_column("account", column)
    op.execute("UPDATE charge SET how = 'message' WHERE how = 'link'")
    _approved_how(*HOW)


def _approved_how(*words: str) -> None:
    """By which ways a customer may have said yes or no to a charge."""
    op.drop_constraint(op.f("ck_charge_how"), "charge", type_="check")
    known = ", ".join(f"'{word}'" for word in words)
    op.create_check_constraint(op.f("ck_charge_how"), "charge", f"how IN ({known})")
