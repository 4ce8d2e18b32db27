"""Ask somebody to take what nobody has claimed, before the promise to the customer is at risk."""

from __future__ import annotations

import logging
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from dispatch.domain.actor import Actor
from dispatch.domain.states.offer import OFFER, OfferAction, OfferState
from dispatch.errors import DispatchError
from dispatch.operations.push.send import ask, next_candidate
from dispatch.planning.travel_times import TravelTimes
from dispatch.store.database import Database
from dispatch.store.jobs import follow_visits
from dispatch.store.offers import is_free
from dispatch.store.pool_rules import rules_of
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.pool import OfferRow

log = logging.getLogger(__name__)

AT_ONCE = 20
AGAIN_S = 300
"""Where nobody can take it, the pool keeps it so much longer, and then it is tried again."""


def push_unclaimed(database: Database, actor: Actor, travel: TravelTimes) -> int:
    """Withdraw from the pool what has been there long enough, and ask the best candidate.

    Both are one unit of work, so whoever goes on after a process that was killed finds an offer
    that is open still, or somebody who is asked; who does not accept is followed by the next, as
    after every push. Answers how many were asked.
    """
    with database.work(actor) as work:
        query = (
            select(OfferRow.id, OfferRow.visit_id)
            .where(
                OfferRow.state == OfferState.OPEN,
                OfferRow.push_at <= work.now,
                OfferRow.closes_at.is_(None),  # somebody has bid, which is decided first
            )
            .order_by(OfferRow.push_at, OfferRow.id)
            .limit(AT_ONCE)
        )
        due = work.session.execute(query).all()
    return sum(_push(database, actor, row.id, row.visit_id, travel) for row in due)


def _push(
    database: Database, actor: Actor, offer_id: UUID, visit_id: UUID, travel: TravelTimes
) -> bool:
    try:
        chosen = next_candidate(database, actor, visit_id, travel, chain=None)
    except DispatchError as error:  # says nothing of anybody; the next round tries again
        code = getattr(error, "code", type(error).__name__)
        log.warning("nobody could be asked instead of offer %s: %s", offer_id, code)
        return False
    with database.work(actor) as work:
        visit = work.get(VisitRow, visit_id, lock=True)
        job = work.get(JobRow, visit.job_id, lock=True)
        offer = work.get(OfferRow, offer_id, lock=True)
        if not _is_due(offer) or not is_free(visit, job):
            return False
        if chosen is None and offer.expires_at > work.now:
            offer.push_at = work.now + timedelta(seconds=AGAIN_S)
            work.note("offer.not_pushed", offer, why="nobody can take it")
            return work.commit(False)
        action = OfferAction.EXPIRE if chosen is None else OfferAction.WITHDRAW
        offer.state = OFFER.after(action, offer.state)
        if chosen is None:
            work.note("offer.expired", offer)
        else:
            work.note("offer.withdrawn", offer, why="promise")
            work.session.flush()
            patience_s = rules_of(work.session).push_patience_s
            ask(work, visit, chosen, patience_s, chain=None)
        follow_visits(work, [job])
        return work.commit(chosen is not None)


def _is_due(offer: OfferRow) -> bool:
    """Nobody has claimed it, bid for it or pushed it since it was looked for."""
    return offer.state is OfferState.OPEN and offer.closes_at is None and offer.push_at is not None
