"""The pool, as whoever fills it sees it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, status
from pydantic import BaseModel
from sqlalchemy import select

from dispatch.api.caller import TheCaller
from dispatch.api.paging import USUAL, After, Limit, Page, page_of
from dispatch.api.texts import Moment, Money, Words
from dispatch.domain.states.offer import OfferState
from dispatch.operations.pool.offer import offer_visit, withdraw_offer
from dispatch.store.rows.pool import OfferRow

router = APIRouter(prefix="/offers", tags=["pool"])


class NewOffer(BaseModel):
    """A visit that is to be open to every eligible technician."""

    visit: UUID
    fee_minor: Money
    expires_at: Moment


class Withdrawal(BaseModel):
    """Why, if there is something to say."""

    why: Words = ""


class OfferView(BaseModel):
    """An offer, and who has claimed it."""

    id: UUID
    version: int
    visit: UUID
    state: OfferState
    fee_minor: int
    currency: str
    published_at: datetime
    expires_at: datetime
    technician: UUID | None
    claimed_at: datetime | None

    @staticmethod
    def of(row: OfferRow) -> OfferView:
        """As it is kept."""
        return OfferView(
            id=row.id,
            version=row.version,
            visit=row.visit_id,
            state=row.state,
            fee_minor=row.fee_minor,
            currency=row.currency,
            published_at=row.published_at,
            expires_at=row.expires_at,
            technician=row.technician_id,
            claimed_at=row.claimed_at,
        )


@router.get("", name="offers.list")
def list_(
    caller: TheCaller,
    state: Annotated[OfferState | None, Query()] = None,
    after: After = None,
    limit: Limit = USUAL,
) -> Page[OfferView]:
    """Offers, by state."""
    query = select(OfferRow)
    if state is not None:
        query = query.where(OfferRow.state == state)
    with caller.house.database.work(caller.actor) as work:
        return page_of(work, query, OfferRow, after, limit, OfferView.of)


@router.post("", name="offers.create", status_code=status.HTTP_201_CREATED)
def create(caller: TheCaller, given: NewOffer) -> OfferView:
    """Open a visit to every eligible technician."""
    offer = caller.once(
        UUID,
        lambda: offer_visit(
            caller.house.database,
            caller.actor,
            given.visit,
            fee_minor=given.fee_minor,
            expires_at=given.expires_at,
        ),
    )
    return read(caller, offer)


@router.get("/{offer}", name="offers.read")
def read(caller: TheCaller, offer: UUID) -> OfferView:
    """One offer."""
    with caller.house.database.work(caller.actor) as work:
        return OfferView.of(work.get(OfferRow, offer))


@router.post("/{offer}/withdraw", name="offers.withdraw")
def withdraw(caller: TheCaller, offer: UUID, given: Withdrawal) -> OfferView:
    """Take it out of the pool."""
    caller.once(
        type(None),
        lambda: withdraw_offer(caller.house.database, caller.actor, offer, why=given.why),
    )
    return read(caller, offer)
