"""Close offers whose time is over."""

from __future__ import annotations

from sqlalchemy import or_, select

from dispatch.domain.actor import Actor
from dispatch.domain.states.offer import OFFER, OfferAction, OfferState
from dispatch.store.database import Database
from dispatch.store.jobs import follow_visits
from dispatch.store.rows.jobs import JobRow
from dispatch.store.rows.pool import OfferRow

AT_ONCE = 200


def expire_offers(database: Database, actor: Actor) -> int:
    """Close some of them; answers how many, and is asked again until none is left."""
    with database.work(actor) as work:
        over = (
            select(OfferRow)
            .where(
                OfferRow.state == OfferState.OPEN,
                OfferRow.expires_at <= work.now,
                OfferRow.closes_at.is_(None),  # those who have bid in time are decided on
                or_(OfferRow.push_at.is_(None), OfferRow.push_at > work.now),  # somebody is asked
            )
            .order_by(OfferRow.id)
            .limit(AT_ONCE)
            .with_for_update(of=OfferRow, skip_locked=True)
        )
        offers = list(work.session.scalars(over))
        for offer in offers:
            offer.state = OFFER.after(OfferAction.EXPIRE, offer.state)
            work.note("offer.expired", offer)
        for job in sorted({offer.visit.job_id for offer in offers}):
            follow_visits(work, [work.get(JobRow, job, lock=True)])
        return work.commit(len(offers))
