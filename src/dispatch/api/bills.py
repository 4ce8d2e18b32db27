"""How bills, charges and payments are sent and told."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from dispatch.api.sent import Sent
from dispatch.api.texts import Key, Name, Why
from dispatch.domain import checks
from dispatch.domain.payment import ApprovedHow, PaymentMethod
from dispatch.domain.states.charge import ChargeAction, ChargeState, asked_of
from dispatch.domain.states.payment import PaymentState
from dispatch.operations.money.look import JobAccount
from dispatch.operations.money.propose import MOST_QUANTITY, Proposal
from dispatch.operations.money.take import MOST_REFERENCE, Money
from dispatch.store.rows.money import ChargeRow, PaymentRow

Amount = Annotated[int, Field(ge=1, le=checks.MOST_MINOR, description="In minor units.")]
Currency = Annotated[str, StringConstraints(pattern="^[A-Z]{3}$")]
Reference = Annotated[str, StringConstraints(max_length=MOST_REFERENCE)]


class NewCharge(Sent):
    """A service item, or a text with a price of its own."""

    item: Key | None = None
    text: Name = ""
    unit_minor: Amount | None = None
    quantity: Annotated[int, Field(ge=1, le=MOST_QUANTITY)] = 1

    def proposal(self) -> Proposal:
        """The same, checked."""
        return Proposal(
            item=self.item, text=self.text, unit_minor=self.unit_minor, quantity=self.quantity
        )


WordOfMouth = Literal[
    ApprovedHow.IN_PERSON,
    ApprovedHow.SIGNATURE,
    ApprovedHow.PHONE,
    ApprovedHow.MESSAGE,
    ApprovedHow.CONTRACT,
]
"""What others can say of a customer; by their link, only customers themselves do."""


class Decision(Sent):
    """What the customer says, who it was and by which way."""

    approve: bool
    customer: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    how: WordOfMouth


class NewPayment(Sent):
    """Money that is there."""

    method: PaymentMethod
    amount_minor: Amount
    currency: Currency
    reference: Reference = ""

    def money(self) -> Money:
        """The same, checked."""
        return Money(
            method=self.method,
            amount_minor=self.amount_minor,
            currency=self.currency,
            reference=self.reference,
        )


class Asking(Sent):
    """How much a customer is to be asked for, and which way it is to be paid."""

    method: PaymentMethod
    amount_minor: Amount


class Asked(BaseModel):
    """The provider's reference: with it, the payment will be told of."""

    reference: str


class Refund(Sent):
    """Why money is given back, and how much: all that is left of it, if nothing is said."""

    why: Why
    amount_minor: Amount | None = None
    reference: Reference = ""


class ChargeView(BaseModel):
    """A charge, and what was said to it."""

    id: UUID
    state: ChargeState
    actions: list[ChargeAction]
    text: str
    quantity: int
    amount_minor: int
    technician: UUID | None
    proposed_at: datetime
    decided_at: datetime | None
    customer: str | None
    how: ApprovedHow | None

    @staticmethod
    def of(row: ChargeRow, *, settled: bool) -> ChargeView:
        """As it is kept, for a job that is settled or not."""
        return ChargeView(
            id=row.id,
            state=row.state,
            actions=list(asked_of(row.state, settled=settled)),
            text=row.text,
            quantity=row.quantity,
            amount_minor=row.amount_minor,
            technician=row.technician_id,
            proposed_at=row.proposed_at,
            decided_at=row.decided_at,
            customer=row.customer,
            how=row.how,
        )


class PaymentView(BaseModel):
    """Money that came in, or went back."""

    id: UUID
    method: PaymentMethod
    reference: str
    amount_minor: int
    taken_at: datetime
    technician: UUID | None
    refund_of: UUID | None
    reason: str

    @staticmethod
    def of(row: PaymentRow) -> PaymentView:
        """As it is kept."""
        return PaymentView(
            id=row.id,
            method=row.method,
            reference=row.reference,
            amount_minor=row.amount_minor,
            taken_at=row.taken_at,
            technician=row.technician_id,
            refund_of=row.reverses_id,
            reason=row.reason,
        )


class BillView(BaseModel):
    """What a job costs its customer, what has come of it, and all that made it."""

    currency: str
    state: PaymentState
    due_minor: int
    paid_minor: int
    refunded_minor: int
    waived_minor: int
    open_minor: int = Field(description="Negative if more has arrived than was due.")
    charges: list[ChargeView]
    payments: list[PaymentView]

    @staticmethod
    def of(account: JobAccount) -> BillView:
        """As the ledger has it."""
        bill = account.bill
        return BillView(
            currency=bill.currency,
            state=bill.state,
            due_minor=bill.due_minor,
            paid_minor=bill.paid_minor,
            refunded_minor=bill.refunded_minor,
            waived_minor=bill.waived_minor,
            open_minor=bill.open_minor,
            charges=[ChargeView.of(row, settled=account.settled) for row in account.charges],
            payments=[PaymentView.of(row) for row in account.payments],
        )

    def nameless(self) -> BillView:
        """The same for whom it is no longer to tell who has decided."""
        charges = [charge.model_copy(update={"customer": None}) for charge in self.charges]
        return self.model_copy(update={"charges": charges})
