"""States of what a customer wishes for."""

from __future__ import annotations

from enum import StrEnum

from dispatch.domain.states.table import StateTable


class WishState(StrEnum):
    """Where a wish stands."""

    ASKED = "asked"
    GRANTED = "granted"
    DECLINED = "declined"
    CLOSED = "closed"
    """Nobody has answered it, and the work is over, or another one."""


class WishAction(StrEnum):
    """What a dispatcher says to it, and what happens to it if nobody does."""

    GRANT = "grant"
    DECLINE = "decline"
    CLOSE = "close"
    """With the job: it is done, given up, or gone to once more."""


WISH: StateTable[WishState, WishAction] = StateTable(
    "wish",
    WishState.ASKED,
    {
        WishAction.GRANT: {WishState.ASKED: WishState.GRANTED},
        WishAction.DECLINE: {WishState.ASKED: WishState.DECLINED},
        WishAction.CLOSE: {WishState.ASKED: WishState.CLOSED},
    },
)

ANSWERS = frozenset(WishAction) - {WishAction.CLOSE}
"""What somebody can ask for by name."""
