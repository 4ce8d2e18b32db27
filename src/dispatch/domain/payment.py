"""What a customer owes, and how it is paid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dispatch.domain.states.payment import PaymentState, payment_state


class PaymentMethod(StrEnum):
    """How money changes hands."""

    CASH = "cash"
    CARD = "card"
    TRANSFER = "transfer"
    WECHAT = "wechat"
    ALIPAY = "alipay"


class ApprovedHow(StrEnum):
    """By which way a customer has said yes or no."""

    IN_PERSON = "in_person"
    SIGNATURE = "signature"
    PHONE = "phone"
    MESSAGE = "message"
    LINK = "link"
    """By the customer's own hand, on the page of their link."""
    CONTRACT = "contract"
    """It was agreed on before, for all jobs of this kind."""


class Account(StrEnum):
    """Accounts of the ledger: what is owed to us or has come in, and where that is from."""

    RECEIVABLE = "receivable"
    CASH = "cash"
    CARD = "card"
    TRANSFER = "transfer"
    WECHAT = "wechat"
    ALIPAY = "alipay"
    REVENUE = "revenue"
    WAIVED = "waived"


class Posting(StrEnum):
    """What an entry of the ledger is about."""

    CHARGE = "charge"
    PAYMENT = "payment"
    REFUND = "refund"
    WAIVER = "waiver"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """What a job costs its customer and what has come of it, in minor units."""

    currency: str
    due_minor: int
    """All that was approved, and not taken back since."""
    paid_minor: int
    refunded_minor: int
    waived_minor: int

    @property
    def open_minor(self) -> int:
        """What is still to come; negative if more has arrived than was due."""
        kept = self.paid_minor - self.refunded_minor
        return self.due_minor - kept - self.waived_minor

    @property
    def state(self) -> PaymentState:
        """Where it stands; let go only as long as nothing was added or given back since."""
        return payment_state(
            self.due_minor,
            self.paid_minor,
            self.refunded_minor,
            waived=self.waived_minor > 0 and self.open_minor <= 0,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BilledLine:
    """A charge as a customer reads it."""

    text: str
    quantity: int
    amount_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentReceipt:
    """What a customer is given for a payment or a refund."""

    number: str
    organisation: str
    job: str
    site: str
    """Empty on the page of a customer link, which anybody may have been handed."""
    at: datetime
    """In the zone of the organisation."""
    method: PaymentMethod
    reference: str
    amount_minor: int
    refund_of: str | None
    """The number of the payment that it gives back; none for a payment."""
    lines: tuple[BilledLine, ...]
    bill: Bill
    """In the currency of the payment, as it stands when the receipt is written."""
