"""Close offers whose time is over."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select

from dispatch.domain.actor import Actor
from dispatch.domain.states.offer import OFFER, OfferAction, OfferState
from dispatch.store.database import Database
from dispatch.store.jobs import follow_visits
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.pool import OfferRow

AT_ONCE = 200


def expire_offers(database: Database, actor: Actor) -> int:
    """Close some of them; answers how many, and is asked again until none is left."""
    with database.work(actor) as work:
        query = select(OfferRow.id, VisitRow.job_id).join(OfferRow.visit).where(_is_over(work.now))
        found = work.session.execute(query.order_by(OfferRow.id).limit(AT_ONCE)).all()
        # Jobs are held before offers, as everywhere.
        jobs = [work.get(JobRow, job, lock=True) for job in sorted({row.job_id for row in found})]
        over = (
            select(OfferRow)
            .where(OfferRow.id.in_([row.id for row in found]), _is_over(work.now))
            .order_by(OfferRow.id)
            .with_for_update(of=OfferRow, skip_locked=True)
            .execution_options(populate_existing=True)
        )
        offers = list(work.session.scalars(over))
        for offer in offers:
            offer.state = OFFER.after(OfferAction.EXPIRE, offer.state)
            work.note("offer.expired", offer)
        follow_visits(work, jobs)
        return work.commit(len(offers))


def _is_over(now: datetime) -> ColumnElement[bool]:
    return and_(
        OfferRow.state == OfferState.OPEN,
        OfferRow.expires_at <= now,
        OfferRow.closes_at.is_(None),  # those who have bid in time are decided on
        or_(OfferRow.push_at.is_(None), OfferRow.push_at > now),  # somebody is asked
    )
