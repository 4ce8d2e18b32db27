"""The pool, as whoever fills it sees it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, status
from pydantic import BaseModel, Field
from sqlalchemy import select

from dispatch.api.asked import OfJobs
from dispatch.api.caller import TheCaller
from dispatch.api.paging import USUAL, After, Limit, Page, page_of, sorting
from dispatch.api.sent import Sent
from dispatch.api.texts import Moment, Money, Words
from dispatch.domain.credit import LEAST, MOST
from dispatch.domain.states.offer import ClaimState, OfferMode, OfferState
from dispatch.operations.pool.offer import offer_visit, withdraw_offer
from dispatch.store.rows.pool import ClaimRow, OfferRow

router = APIRouter(prefix="/offers", tags=["pool"])

OfferSort = Literal[
    "published_at", "-published_at", "expires_at", "-expires_at", "fee_minor", "-fee_minor"
]
SORTED = {name: OfferRow.__table__.c[name] for name in ("published_at", "expires_at", "fee_minor")}


class NewOffer(Sent):
    """A visit that is to be open to every eligible technician."""

    visit: UUID
    fee_minor: Money
    expires_at: Moment
    mode: OfferMode = OfferMode.FIRST_COME
    min_score: Annotated[int | None, Field(ge=LEAST, le=MOST)] = None
    then_push: bool = True
    """Whether somebody is asked before the promise is at risk, or when the offer ends before, if
    nobody has claimed it."""


class Withdrawal(Sent):
    """Why, if there is something to say."""

    why: Words = ""


class OfferView(BaseModel):
    """An offer, and who has claimed it."""

    id: UUID
    version: int
    visit: UUID
    mode: OfferMode
    state: OfferState
    fee_minor: int
    currency: str
    published_at: datetime
    expires_at: datetime
    closes_at: datetime | None
    push_at: datetime | None
    min_score: int | None
    technician: UUID | None
    claimed_at: datetime | None

    @staticmethod
    def of(row: OfferRow) -> OfferView:
        """As it is kept."""
        return OfferView(
            id=row.id,
            version=row.version,
            visit=row.visit_id,
            mode=row.mode,
            state=row.state,
            fee_minor=row.fee_minor,
            currency=row.currency,
            published_at=row.published_at,
            expires_at=row.expires_at,
            closes_at=row.closes_at,
            push_at=row.push_at,
            min_score=row.min_score,
            technician=row.technician_id,
            claimed_at=row.claimed_at,
        )


class ClaimView(BaseModel):
    """Who wanted an offer, and what has come of it."""

    id: UUID
    offer: UUID
    technician: UUID
    state: ClaimState
    made_at: datetime
    decided_at: datetime | None
    reason: str
    cost_minor: int | None
    debt_minor: int | None

    @staticmethod
    def of(row: ClaimRow) -> ClaimView:
        """As it is kept."""
        return ClaimView(
            id=row.id,
            offer=row.offer_id,
            technician=row.technician_id,
            state=row.state,
            made_at=row.made_at,
            decided_at=row.decided_at,
            reason=row.reason,
            cost_minor=row.cost_minor,
            debt_minor=row.debt_minor,
        )


@router.get("", name="offers.list")
def list_(
    caller: TheCaller,
    asked: OfJobs,
    state: Annotated[list[OfferState], Query(max_length=10)] = [],  # noqa: B006 - FastAPI's own
    visit: UUID | None = None,
    technician: Annotated[UUID | None, Query(description="Claimed by them.")] = None,
    sort: Annotated[OfferSort | None, Query(description="With - the other way round.")] = None,
    after: After = None,
    limit: Limit = USUAL,
) -> Page[OfferView]:
    """Offers, by state, visit, who has claimed them, and their jobs."""
    query = select(OfferRow)
    if state:
        query = query.where(OfferRow.state.in_(state))
    if visit is not None:
        query = query.where(OfferRow.visit_id == visit)
    if technician is not None:
        query = query.where(OfferRow.technician_id == technician)
    with caller.house.database.work(caller.actor) as work:
        query = asked.narrow_visits(work, query, OfferRow)
        order = sorting(sort, SORTED)
        return page_of(work, query, OfferRow, after, limit, OfferView.of, order)


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
            mode=given.mode,
            min_score=given.min_score,
            then_push=given.then_push,
        ),
    )
    return read(caller, offer)


@router.get("/{offer}", name="offers.read")
def read(caller: TheCaller, offer: UUID) -> OfferView:
    """One offer."""
    with caller.house.database.work(caller.actor) as work:
        return OfferView.of(work.get(OfferRow, offer))


@router.get("/{offer}/claims", name="offers.claims")
def claims(
    caller: TheCaller, offer: UUID, after: After = None, limit: Limit = USUAL
) -> Page[ClaimView]:
    """Who wanted it, and by what it was decided."""
    with caller.house.database.work(caller.actor) as work:
        work.get(OfferRow, offer)
        query = select(ClaimRow).where(ClaimRow.offer_id == offer)
        return page_of(work, query, ClaimRow, after, limit, ClaimView.of)


@router.post("/{offer}/withdraw", name="offers.withdraw")
def withdraw(caller: TheCaller, offer: UUID, given: Withdrawal) -> OfferView:
    """Take it out of the pool."""
    caller.once(
        type(None),
        lambda: withdraw_offer(caller.house.database, caller.actor, offer, why=given.why),
    )
    return read(caller, offer)
