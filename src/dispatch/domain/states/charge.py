"""States of a charge."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from dispatch.domain.states.table import StateTable


class ChargeState(StrEnum):
    """Where a charge stands."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    DECLINED = "declined"
    REVERSED = "reversed"
    """It was approved, and should not have been there; the ledger holds both."""


class ChargeAction(StrEnum):
    """What the customer says to it, or we do."""

    APPROVE = "approve"
    DECLINE = "decline"
    REVERSE = "reverse"
    """We take it back."""


CHARGE: StateTable[ChargeState, ChargeAction] = StateTable(
    "charge",
    ChargeState.PROPOSED,
    {
        ChargeAction.APPROVE: {ChargeState.PROPOSED: ChargeState.APPROVED},
        ChargeAction.DECLINE: {ChargeState.PROPOSED: ChargeState.DECLINED},
        ChargeAction.REVERSE: {ChargeState.APPROVED: ChargeState.REVERSED},
    },
)

BY_CUSTOMER = frozenset((ChargeAction.APPROVE, ChargeAction.DECLINE))
"""What customers say; the rest is ours."""


def asked_of(state: ChargeState, *, settled: bool) -> Sequence[ChargeAction]:
    """What can be asked of a charge now.

    Parameters
    ----------
    settled
        Whether its job is closed for good: then nothing.
    """
    return () if settled else CHARGE.allowed(state)
