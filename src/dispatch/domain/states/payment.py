"""States of what a customer owes, as the ledger has it, and of a settlement."""

from __future__ import annotations

from enum import StrEnum

from dispatch.domain.states.table import StateTable


class PaymentState(StrEnum):
    """Where a bill stands."""

    DUE = "due"
    PARTLY_PAID = "partly_paid"
    PAID = "paid"
    REFUNDED = "refunded"
    WAIVED = "waived"


def payment_state(
    due_minor: int, paid_minor: int, refunded_minor: int, *, waived: bool
) -> PaymentState:
    """What the amounts of a bill say; one that nothing was written on yet is due.

    Parameters
    ----------
    due_minor
        What the customer owes in all.
    paid_minor
        All that has come in, and not been reversed.
    refunded_minor
        The part of that which was given back.
    waived
        Whether what is still open has been let go.
    """
    kept = paid_minor - refunded_minor
    if refunded_minor > 0 and kept <= 0:
        return PaymentState.REFUNDED
    if kept >= due_minor and kept > 0:
        return PaymentState.PAID
    if waived:
        return PaymentState.WAIVED
    return PaymentState.PARTLY_PAID if kept > 0 else PaymentState.DUE


class SettlementState(StrEnum):
    """Where a settlement stands."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"
    PAID = "paid"


class SettlementAction(StrEnum):
    """What can happen to a settlement."""

    CONFIRM = "confirm"
    DISPUTE = "dispute"
    PAY = "pay"


SETTLEMENT: StateTable[SettlementState, SettlementAction] = StateTable(
    "settlement",
    SettlementState.PENDING,
    {
        SettlementAction.CONFIRM: dict.fromkeys(
            (SettlementState.PENDING, SettlementState.DISPUTED), SettlementState.CONFIRMED
        ),
        SettlementAction.DISPUTE: {SettlementState.PENDING: SettlementState.DISPUTED},
        SettlementAction.PAY: {SettlementState.CONFIRMED: SettlementState.PAID},
    },
)
