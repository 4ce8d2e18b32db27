"""States of what a customer wishes for."""

from __future__ import annotations

from enum import StrEnum

from dispatch.domain.states.table import StateTable


class WishState(StrEnum):
    """Where a wish stands."""

    ASKED = "asked"
    GRANTED = "granted"
    DECLINED = "declined"


class WishAction(StrEnum):
    """What a dispatcher says to it."""

    GRANT = "grant"
    DECLINE = "decline"


WISH: StateTable[WishState, WishAction] = StateTable(
    "wish",
    WishState.ASKED,
    {
        WishAction.GRANT: {WishState.ASKED: WishState.GRANTED},
        WishAction.DECLINE: {WishState.ASKED: WishState.DECLINED},
    },
)
