"""The pool, as a technician sees it: bids, their limits and score, and what leaders do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, status
from pydantic import BaseModel
from sqlalchemy import select

from dispatch.api.caller import TheCaller
from dispatch.api.paging import USUAL, After, Limit, Page, page_of
from dispatch.api.routes.own import Won
from dispatch.api.routes.pool import CreditView, credit_page
from dispatch.api.sent import Sent
from dispatch.domain.states.offer import ClaimState
from dispatch.operations.pool.award import award_offers
from dispatch.operations.pool.bid import bid_for_offer, withdraw_bid
from dispatch.operations.pool.lead import Led, Person, claim_for, look_as_leader, people_for
from dispatch.operations.pool.settings import open_for_work
from dispatch.operations.pool.standing import Standing, standing_of
from dispatch.operations.pool.win import Claimed
from dispatch.store.rows.pool import ClaimRow
from dispatch.store.rows.technicians import TechnicianRow

router = APIRouter(prefix="/me", tags=["own pool"])


class OwnClaim(BaseModel):
    """What has come of a wish of one's own; nothing of what others have bid."""

    id: UUID
    offer: UUID
    state: ClaimState
    made_at: datetime
    decided_at: datetime | None
    reason: str

    @staticmethod
    def of(row: ClaimRow) -> OwnClaim:
        """As it is kept."""
        return OwnClaim(
            id=row.id,
            offer=row.offer_id,
            state=row.state,
            made_at=row.made_at,
            decided_at=row.decided_at,
            reason=row.reason,
        )


class Wanting(Sent):
    """Whether one wants work from the pool, and to be asked."""

    open: bool


class ForWhom(Sent):
    """One of a leader's people."""

    technician: UUID


@router.get("/standing", name="own.standing")
def standing(caller: TheCaller) -> Standing:
    """Where one stands with the pool: open for work, limits and what is used of them, score."""
    with caller.house.database.work(caller.actor) as work:
        return standing_of(work, work.get(TechnicianRow, caller.technician))


@router.post("/open-for-work", name="own.open_for_work")
def want_work(caller: TheCaller, given: Wanting) -> Standing:
    """Open for work, or close; what one has stays one's own."""
    caller.once(
        type(None),
        lambda: open_for_work(
            caller.house.database, caller.actor, caller.technician, wanted=given.open
        ),
    )
    return standing(caller)


@router.get("/credit", name="own.credit")
def credit(caller: TheCaller, after: After = None, limit: Limit = USUAL) -> Page[CreditView]:
    """All that has moved one's score, and why."""
    return credit_page(caller, caller.technician, after, limit)


@router.post("/pool/{offer}/bid", name="own.bid", status_code=status.HTTP_201_CREATED)
def bid(caller: TheCaller, offer: UUID) -> OwnClaim:
    """Say that one wants it; it goes to whom it fits best, within seconds."""
    made = caller.once(
        UUID,
        lambda: bid_for_offer(
            caller.house.database, caller.actor, offer, caller.technician, caller.house.travel
        ),
    )
    return _claim(caller, made)


@router.get("/claims", name="own.claims")
def claims(caller: TheCaller, after: After = None, limit: Limit = USUAL) -> Page[OwnClaim]:
    """What one has claimed and bid for, and what has come of it."""
    award_offers(caller.house.database, caller.house.travel)
    query = select(ClaimRow).where(ClaimRow.technician_id == caller.technician)
    with caller.house.database.work(caller.actor) as work:
        return page_of(work, query, ClaimRow, after, limit, OwnClaim.of)


@router.post("/claims/{claim}/withdraw", name="own.withdraw")
def withdraw(caller: TheCaller, claim: UUID) -> OwnClaim:
    """Take a bid back before it is decided."""
    caller.once(
        type(None),
        lambda: withdraw_bid(caller.house.database, caller.actor, claim, caller.technician),
    )
    return _claim(caller, claim)


@router.get("/lead/pool", name="own.lead_pool")
def lead_pool(caller: TheCaller) -> Sequence[Led]:
    """What one may take for the people of one's outlet; nothing for who leads nobody."""
    return look_as_leader(caller.house.database, caller.actor, caller.technician)


@router.get("/lead/pool/{offer}/people", name="own.lead_people")
def lead_people(caller: TheCaller, offer: UUID) -> Sequence[Person]:
    """Who of them may have it, and why others may not."""
    return people_for(
        caller.house.database, caller.actor, caller.technician, offer, caller.house.travel
    )


@router.post("/lead/pool/{offer}/claim", name="own.lead_claim")
def lead_claim(caller: TheCaller, offer: UUID, given: ForWhom) -> Won:
    """Take it for one of them."""
    claimed = caller.once(
        Claimed,
        lambda: claim_for(
            caller.house.database,
            caller.actor,
            caller.technician,
            offer,
            caller.house.travel,
            technician=given.technician,
        ),
    )
    return Won.of(claimed)


def _claim(caller: TheCaller, claim: UUID) -> OwnClaim:
    with caller.house.database.work(caller.actor) as work:
        return OwnClaim.of(work.get(ClaimRow, claim))
