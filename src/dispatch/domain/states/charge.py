"""States of a charge."""

from __future__ import annotations

from enum import StrEnum

from dispatch.domain.states.table import StateTable


class ChargeState(StrEnum):
    """Where a charge stands."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    DECLINED = "declined"


class ChargeAction(StrEnum):
    """What the customer says to it."""

    APPROVE = "approve"
    DECLINE = "decline"


CHARGE: StateTable[ChargeState, ChargeAction] = StateTable(
    "charge",
    ChargeState.PROPOSED,
    {
        ChargeAction.APPROVE: {ChargeState.PROPOSED: ChargeState.APPROVED},
        ChargeAction.DECLINE: {ChargeState.PROPOSED: ChargeState.DECLINED},
    },
)
