"""Who wanted which offer, and what they have got."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from dispatch.domain.states.offer import CLAIM, ClaimAction, ClaimState, OfferState
from dispatch.domain.states.visit import COMMITTED
from dispatch.store.ids import new_id
from dispatch.store.rows.jobs import VisitRow
from dispatch.store.rows.pool import ClaimRow, OfferRow
from dispatch.store.scope import UNSCOPED
from dispatch.store.work import Work


def new_claim(work: Work, offer: OfferRow, technician: UUID) -> ClaimRow:
    """Somebody wants an offer; it is to be decided."""
    row = ClaimRow(
        id=new_id(),
        outlet_id=offer.outlet_id,
        offer_id=offer.id,
        technician_id=technician,
        state=CLAIM.first,
        made_at=work.now,
        reason="",
    )
    work.session.add(row)
    return row


def open_claims(work: Work, offer: UUID) -> list[ClaimRow]:
    """Bids for an offer that are not decided; nobody else decides them meanwhile."""
    query = (
        select(ClaimRow)
        .where(ClaimRow.offer_id == offer, ClaimRow.state == ClaimState.OPEN)
        .order_by(ClaimRow.id)
        .with_for_update(of=ClaimRow)
        .execution_options(populate_existing=True)
    )
    return list(work.session.scalars(query))


def bids_of(work: Work, technician: UUID) -> set[UUID]:
    """The offers for which somebody has a bid that is not decided."""
    query = select(ClaimRow.offer_id).where(
        ClaimRow.technician_id == technician, ClaimRow.state == ClaimState.OPEN
    )
    return set(work.session.scalars(query, execution_options=UNSCOPED))


def lose_claims(work: Work, offer: UUID, reason: str) -> None:
    """Tell all who wait for an offer that they do not get it."""
    for claim in open_claims(work, offer):
        lose(work, claim, reason)


def lose(work: Work, claim: ClaimRow, reason: str) -> None:
    """Tell one of them."""
    claim.state = CLAIM.after(ClaimAction.LOSE, claim.state)
    claim.decided_at, claim.reason = work.now, reason
    work.note("claim.lost", claim)


def won_since(work: Work, technician: UUID, since: datetime) -> int:
    """How many offers somebody has won since then, also what they have handed on meanwhile."""
    query = select(func.count()).where(
        ClaimRow.technician_id == technician,
        ClaimRow.state == ClaimState.WON,
        ClaimRow.decided_at >= since,
    )
    return work.session.scalar(query, execution_options=UNSCOPED) or 0


def unfinished(work: Work, technician: UUID) -> int:
    """How many visits somebody has by way of the pool that are not over."""
    query = (
        select(func.count())
        .select_from(OfferRow)
        .join(OfferRow.visit)
        .where(
            OfferRow.technician_id == technician,
            OfferRow.state == OfferState.CLAIMED,
            VisitRow.state.in_(COMMITTED),
        )
    )
    return work.session.scalar(query, execution_options=UNSCOPED) or 0


def earned_since(work: Work, people: Collection[UUID], since: datetime) -> dict[UUID, int]:
    """The fees of what each has won since then and kept, in minor units."""
    query = (
        select(OfferRow.technician_id, func.sum(OfferRow.fee_minor))
        .where(
            OfferRow.technician_id.in_(people),
            OfferRow.state == OfferState.CLAIMED,
            OfferRow.claimed_at >= since,
        )
        .group_by(OfferRow.technician_id)
    )
    found = {row[0]: int(row[1]) for row in work.session.execute(query)}
    return {person: found.get(person, 0) for person in people}
