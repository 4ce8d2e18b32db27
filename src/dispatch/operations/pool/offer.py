"""Publish a visit to the pool, and take it back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from dispatch.domain import checks
from dispatch.domain.actor import Actor
from dispatch.domain.credit import LEAST, MOST
from dispatch.domain.states.offer import OFFER, OfferAction, OfferMode
from dispatch.errors import InvalidValue, Refused
from dispatch.operations.pool.risk import push_moment
from dispatch.store.claims import lose_claims
from dispatch.store.database import Database
from dispatch.store.ids import new_id
from dispatch.store.jobs import follow_visits
from dispatch.store.offers import is_for_anybody
from dispatch.store.organisation import currency_of
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.pool import OfferRow


def offer_visit(
    database: Database,
    actor: Actor,
    visit_id: UUID,
    *,
    fee_minor: int,
    expires_at: datetime,
    mode: OfferMode = OfferMode.FIRST_COME,
    min_score: int | None = None,
    then_push: bool = True,
) -> UUID:
    """Open a visit to every eligible technician until ``expires_at``.

    Parameters
    ----------
    mode
        How it is decided who gets it.
    min_score
        The credit score that whoever claims it needs.
    then_push
        Whether somebody is asked before the promise is at risk, or when the offer ends before,
        if nobody has claimed it by then.

    Raises
    ------
    InvalidValue
        The fee is negative, the score is none, or the time is over already.
    Missing
        There is no such visit.
    Refused
        ``offer.not-free``: somebody has it, it is in the pool already, it is one of a crew's, or it
        waits for another job.
    """
    checks.price("offer.fee_minor", fee_minor)
    checks.aware("offer.expires_at", expires_at)
    if min_score is not None:
        checks.within("offer.min_score", min_score, LEAST, MOST)
    with database.work(actor) as work:
        if expires_at <= work.now:
            raise InvalidValue("offer.over", value=expires_at.isoformat())
        visit = work.get(VisitRow, visit_id, lock=True)
        job = work.get(JobRow, visit.job_id, lock=True)
        if not is_for_anybody(work, visit, job):
            raise Refused("offer.not-free", job=job.key, state=visit.state.value)
        offer = OfferRow(
            id=new_id(),
            outlet_id=visit.outlet_id,
            visit_id=visit_id,
            mode=mode,
            state=OFFER.first,
            fee_minor=fee_minor,
            currency=currency_of(work.session),
            published_at=work.now,
            expires_at=expires_at,
            push_at=push_moment(work, visit, job, expires_at) if then_push else None,
            min_score=min_score,
        )
        work.session.add(offer)
        work.note("offer.published", offer)
        follow_visits(work, [job])
        return work.commit(offer.id)


def withdraw_offer(database: Database, actor: Actor, offer_id: UUID, *, why: str = "") -> None:
    """Take a visit out of the pool.

    Raises
    ------
    Missing, Refused
        There is no such offer; it is open no longer (``state.offer``).
    """
    with database.work(actor) as work:
        visit = work.get(VisitRow, work.get(OfferRow, offer_id).visit_id, lock=True)
        job = work.get(JobRow, visit.job_id, lock=True)  # held before the offer, as everywhere
        offer = work.get(OfferRow, offer_id, lock=True)
        offer.state = OFFER.after(OfferAction.WITHDRAW, offer.state)
        offer.closes_at = None
        lose_claims(work, offer.id, "claim.lost")
        work.note("offer.withdrawn", offer, why=why or None)
        follow_visits(work, [job])
        work.commit()
