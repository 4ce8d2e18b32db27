"""Decide the bids for batched offers: to whom each fits best, and who has got less lately.

Fairness is spread over time: not every match has to be fair, but who got less from the pool than
the others who bid comes first when it costs little (T. Sühr et al., "Two-Sided Fairness for
Repeated Matchings in Two-Sided Markets", KDD 2019, have the idea; the sum here is ours). The debt
to somebody is what the bidders earned from the pool on average in the days that count, less what
they earned themselves; a part of it is taken off what the visit would add to their route.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from dispatch.domain.actor import Actor, ActorKind, Source
from dispatch.domain.states.offer import OFFER, ClaimState, OfferAction, OfferState
from dispatch.errors import Refused, Stale, Unavailable
from dispatch.operations.pool.days import first_fits
from dispatch.operations.pool.route import Fit
from dispatch.operations.pool.win import Bid, fitting, hold_offered, win
from dispatch.planning.match import match
from dispatch.planning.travel_times import TravelTimes
from dispatch.store.claims import earned_since, lose, lose_claims
from dispatch.store.database import Database
from dispatch.store.jobs import follow_visits
from dispatch.store.locks import Lock, hold_if_free
from dispatch.store.pool_rules import rules_of
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.pool import ClaimRow, OfferRow
from dispatch.store.rows.technicians import TechnicianRow
from dispatch.store.waiting import hold_order
from dispatch.store.work import Work

POOL = Actor(kind=ActorKind.WORKER, id="pool", source=Source.WORKER)
"""Who decides, whoever looks first."""
AT_ONCE = 50
"""Offers that are decided together."""


def award_offers(database: Database, travel: TravelTimes) -> int:
    """Decide all offers for which nobody may bid any more; answers how many have found somebody.

    Each is given in a unit of work of its own, in which the route is looked at again; so whoever
    goes on after a process that was killed finds the rest as it was. An offer to which the way of
    somebody who bids is not known now, as a server does not answer, is decided another time.
    """
    with database.work(POOL) as turn:
        if not _due(turn) or not hold_if_free(turn.session, Lock.AWARD):
            return 0
        given = 0
        unknown: set[UUID] = set()
        while offers := _read(database, unknown):
            bids = _bids(database, offers, travel, unknown)
            for offer in offers:
                if offer not in unknown and not any(bid.offer == offer for bid in bids):
                    _end(database, offer)
            known = [bid for bid in bids if bid.offer not in unknown]
            for bid in _matched(database, known):
                given += _award(database, bid, travel, unknown)
        return given


def _due(work: Work, unknown: Collection[UUID] = ()) -> list[UUID]:
    query = (
        select(OfferRow.id)
        .where(
            OfferRow.state == OfferState.OPEN,
            OfferRow.closes_at <= work.now,
            OfferRow.id.not_in(unknown),
        )
        .order_by(OfferRow.closes_at, OfferRow.id)
        .limit(AT_ONCE)
    )
    return list(work.session.scalars(query))


def _read(database: Database, unknown: Collection[UUID]) -> list[UUID]:
    with database.work(POOL) as work:
        return _due(work, unknown)


def _bids(
    database: Database, offers: Sequence[UUID], travel: TravelTimes, unknown: set[UUID]
) -> list[Bid]:
    """Those that fit as the routes are now; ``unknown`` gets the offers of which nobody can say."""
    with database.work(POOL) as work:
        query = (
            select(ClaimRow)
            .where(ClaimRow.offer_id.in_(offers), ClaimRow.state == ClaimState.OPEN)
            .order_by(ClaimRow.id)
            .options(joinedload(ClaimRow.offer).joinedload(OfferRow.visit))
        )
        claims = list(work.session.scalars(query))
        debts = _debts(work, {claim.technician_id for claim in claims})
        return [
            Bid(
                claim=claim.id,
                offer=claim.offer_id,
                technician=claim.technician_id,
                cost_minor=fit.cost_minor,
                debt_minor=debts[claim.technician_id],
            )
            for claim, fit in _fits(work, claims, travel, unknown)
        ]


def _fits(
    work: Work, claims: Sequence[ClaimRow], travel: TravelTimes, unknown: set[UUID]
) -> Iterator[tuple[ClaimRow, Fit]]:
    """Each route is made ready once for all that its technician bids for on a day."""
    wanted: dict[UUID, list[ClaimRow]] = defaultdict(list)
    for claim in claims:
        wanted[claim.technician_id].append(claim)
    for person, theirs in wanted.items():
        by_job = {claim.offer.visit.job.id: claim for claim in theirs}
        jobs = [claim.offer.visit.job for claim in theirs]
        try:
            fits = list(first_fits(work, work.get(TechnicianRow, person), jobs, travel))
        except Unavailable:
            unknown |= {claim.offer_id for claim in theirs}
            continue
        except Refused:  # who works here no longer is in nobody else's way
            continue
        yield from ((by_job[job.id], fit) for job, _, fit in fits)


def _debts(work: Work, people: set[UUID]) -> dict[UUID, int]:
    since = work.now - timedelta(days=rules_of(work.session).fairness_days)
    earned = earned_since(work, sorted(people), since)
    mean = sum(earned.values()) // max(1, len(earned))
    return {person: mean - own for person, own in earned.items()}


def _matched(database: Database, bids: Sequence[Bid]) -> list[Bid]:
    """Who gets what, each one offer at most: the next one is looked at with the route they have."""
    with database.work(POOL) as work:
        percent = rules_of(work.session).fairness_percent
    costs = {
        (bid.offer, bid.technician): 100 * bid.cost_minor - percent * bid.debt_minor for bid in bids
    }
    pairs = match(costs)
    return [bid for bid in bids if pairs.get(bid.offer) == bid.technician]


def _award(database: Database, bid: Bid, travel: TravelTimes, unknown: set[UUID]) -> bool:
    """Give it to them, if they may still have it; or tell them why not.

    A bid that is taken back meanwhile, or an offer that is, is not there any more when it is given.
    """
    try:
        with database.work(POOL) as work:
            offer = work.get(OfferRow, bid.offer)
            hold_order(work, offer.visit_id)
            technician = work.get(TechnicianRow, bid.technician, lock=True)
            hold_offered(work, offer, bid.technician)
            fit, day = fitting(work, offer, technician, travel)
            win(work, offer, technician, fit, day, bid=bid)
            work.commit()
    except Unavailable:
        unknown.add(bid.offer)
        return False
    except Stale:  # somebody has changed it in this moment: it is looked at anew
        return False
    except Refused as refused:
        with database.work(POOL) as work:
            claim = work.get(ClaimRow, bid.claim, lock=True)
            if claim.state is ClaimState.OPEN:
                lose(work, claim, refused.code)
            work.commit()
        return False
    return True


def _end(database: Database, offer_id: UUID) -> None:
    """Nobody who has bid can have it: it is open to bids again, or over."""
    with database.work(POOL) as work:
        visit = work.get(VisitRow, work.get(OfferRow, offer_id).visit_id, lock=True)
        job = work.get(JobRow, visit.job_id, lock=True)
        offer = work.get(OfferRow, offer_id, lock=True)
        if offer.state is not OfferState.OPEN:
            return
        lose_claims(work, offer.id, "claim.misfit")
        offer.closes_at = None
        if offer.expires_at <= work.now:
            offer.state = OFFER.after(OfferAction.EXPIRE, offer.state)
        work.note("offer.expired" if offer.state is OfferState.EXPIRED else "offer.reopened", offer)
        follow_visits(work, [job])
        work.commit()
