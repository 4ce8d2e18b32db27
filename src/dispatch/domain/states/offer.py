"""States of an offer in the pool, of a claim to it, and of a push to one technician."""

from __future__ import annotations

from enum import StrEnum

from dispatch.domain.states.table import StateTable


class OfferMode(StrEnum):
    """How it is decided who gets an offer."""

    FIRST_COME = "first_come"
    BATCHED = "batched"
    """Who wants it says so within a few seconds; it goes to whom it fits best."""
    LEADERS = "leaders"
    """Only leaders of an outlet may take it, each for one of their people."""


class OfferState(StrEnum):
    """Where an offer stands."""

    OPEN = "open"
    CLAIMED = "claimed"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class OfferAction(StrEnum):
    """What can happen to an offer."""

    CLAIM = "claim"
    EXPIRE = "expire"
    WITHDRAW = "withdraw"
    RELEASE = "release"
    """Whoever had claimed it does not have the visit any more."""


OFFER: StateTable[OfferState, OfferAction] = StateTable(
    "offer",
    OfferState.OPEN,
    {
        OfferAction.CLAIM: {OfferState.OPEN: OfferState.CLAIMED},
        OfferAction.EXPIRE: {OfferState.OPEN: OfferState.EXPIRED},
        OfferAction.WITHDRAW: {OfferState.OPEN: OfferState.WITHDRAWN},
        OfferAction.RELEASE: {OfferState.CLAIMED: OfferState.WITHDRAWN},
    },
)


class ClaimState(StrEnum):
    """Where a claim stands."""

    OPEN = "open"
    """A bid for a batched offer that is not decided."""
    WON = "won"
    LOST = "lost"
    WITHDRAWN = "withdrawn"


class ClaimAction(StrEnum):
    """What can happen to a claim."""

    WIN = "win"
    LOSE = "lose"
    WITHDRAW = "withdraw"


CLAIM: StateTable[ClaimState, ClaimAction] = StateTable(
    "claim",
    ClaimState.OPEN,
    {
        ClaimAction.WIN: {ClaimState.OPEN: ClaimState.WON},
        ClaimAction.LOSE: {ClaimState.OPEN: ClaimState.LOST},
        ClaimAction.WITHDRAW: {ClaimState.OPEN: ClaimState.WITHDRAWN},
    },
)


class PushState(StrEnum):
    """Where a push stands."""

    SENT = "sent"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    TIMED_OUT = "timed_out"
    WITHDRAWN = "withdrawn"


NOT_TAKEN = frozenset({PushState.DECLINED, PushState.TIMED_OUT})
"""Whoever was asked did not take it; the next one is asked."""


class PushAction(StrEnum):
    """What can happen to a push."""

    ACCEPT = "accept"
    DECLINE = "decline"
    TIME_OUT = "time_out"
    WITHDRAW = "withdraw"


PUSH: StateTable[PushState, PushAction] = StateTable(
    "push",
    PushState.SENT,
    {
        PushAction.ACCEPT: {PushState.SENT: PushState.ACCEPTED},
        PushAction.DECLINE: {PushState.SENT: PushState.DECLINED},
        PushAction.TIME_OUT: {PushState.SENT: PushState.TIMED_OUT},
        PushAction.WITHDRAW: {PushState.SENT: PushState.WITHDRAWN},
    },
)
