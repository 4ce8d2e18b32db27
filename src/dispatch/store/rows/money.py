"""What a job costs its customer, what was paid, and the ledger of both."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dispatch.domain.payment import Account, ApprovedHow, PaymentMethod, Posting
from dispatch.domain.states.charge import ChargeState
from dispatch.store.rows.base import Edited, Identified, Scoped, one_of, states
from dispatch.store.rows.job_types import ServiceItemRow
from dispatch.store.rows.jobs import JobRow


class ChargeRow(Edited, Scoped, Identified):
    """A line that a job is billed for, once the customer has said yes to it."""

    __tablename__ = "charge"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("(state = 'proposed') = (decided_at IS NULL)", name="decision"),
    )

    job_id: Mapped[UUID] = mapped_column(ForeignKey("job.id"), index=True)
    item_id: Mapped[UUID | None] = mapped_column(ForeignKey("service_item.id"), index=True)
    """None for what is on no price list."""
    text: Mapped[str]
    quantity: Mapped[int]
    amount_minor: Mapped[int]
    """For all of it."""
    currency: Mapped[str]
    state: Mapped[ChargeState] = mapped_column(states(ChargeState))
    proposed_at: Mapped[datetime]
    proposed_by: Mapped[str]
    """The actor's id."""
    technician_id: Mapped[UUID | None] = mapped_column(ForeignKey("technician.id"), index=True)
    """Who proposed it on site; none if nobody did."""
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None]
    """The id of the actor who wrote the decision down."""
    customer: Mapped[str | None]
    """Who decided, by name."""
    how: Mapped[ApprovedHow | None] = mapped_column(one_of("how", ApprovedHow))

    job: Mapped[JobRow] = relationship()
    item: Mapped[ServiceItemRow | None] = relationship()


class PaymentRow(Scoped, Identified):
    """Money that came in, or went back. Rows are only added: a trigger refuses the rest."""

    __tablename__ = "payment"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount"),
        Index("uq_payment_notice", "notice", unique=True),
        Index("ix_payment_reference", "reference", postgresql_where=text("reference <> ''")),
    )

    job_id: Mapped[UUID] = mapped_column(ForeignKey("job.id"), index=True)
    method: Mapped[PaymentMethod] = mapped_column(one_of("method", PaymentMethod))
    reference: Mapped[str]
    """By what the provider or the bank knows it; may be empty for cash."""
    amount_minor: Mapped[int]
    currency: Mapped[str]
    taken_at: Mapped[datetime] = mapped_column(index=True)
    taken_by: Mapped[str]
    """The actor's id."""
    technician_id: Mapped[UUID | None] = mapped_column(ForeignKey("technician.id"), index=True)
    """Who took it on site; none if nobody did."""
    reverses_id: Mapped[UUID | None] = mapped_column(ForeignKey("payment.id"), index=True)
    """The payment that this one gives back, or a part of it."""
    reason: Mapped[str] = mapped_column(default="")
    """Of a refund."""
    notice: Mapped[str | None]
    """The provider's id of the event by which it told of it."""

    job: Mapped[JobRow] = relationship()


class LedgerRow(Scoped, Identified):
    """A line of the ledger: all lines of a posting sum to zero.

    Rows are only added: a trigger refuses the rest, and another one a posting that does not sum to
    zero when its transaction ends.
    """

    __tablename__ = "ledger_line"
    __table_args__ = (CheckConstraint("amount_minor <> 0", name="amount"),)

    posting_id: Mapped[UUID] = mapped_column(index=True)
    posting: Mapped[Posting] = mapped_column(one_of("posting", Posting))
    job_id: Mapped[UUID] = mapped_column(ForeignKey("job.id"), index=True)
    charge_id: Mapped[UUID | None] = mapped_column(ForeignKey("charge.id"), index=True)
    payment_id: Mapped[UUID | None] = mapped_column(ForeignKey("payment.id"), index=True)
    account: Mapped[Account] = mapped_column(one_of("account", Account))
    amount_minor: Mapped[int]
    currency: Mapped[str]
    at: Mapped[datetime] = mapped_column(index=True)

    charge: Mapped[ChargeRow | None] = relationship()
    payment: Mapped[PaymentRow | None] = relationship()
