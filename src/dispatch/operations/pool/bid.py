"""Bid for a batched offer, and take a bid back."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from dispatch.domain.actor import Actor
from dispatch.domain.states.offer import CLAIM, ClaimAction, OfferMode
from dispatch.errors import Missing, Refused
from dispatch.operations.pool.award import award_offers
from dispatch.operations.pool.win import fitting
from dispatch.planning.travel_times import TravelTimes
from dispatch.store.claims import bids_of, new_claim
from dispatch.store.database import Database
from dispatch.store.offers import is_offered_to
from dispatch.store.pool_rules import rules_of
from dispatch.store.rows.pool import ClaimRow, OfferRow
from dispatch.store.rows.technicians import TechnicianRow


def bid_for_offer(
    database: Database, actor: Actor, offer_id: UUID, technician_id: UUID, travel: TravelTimes
) -> UUID:
    """Say that a technician wants a batched offer; the first bid opens the time for others.

    Raises
    ------
    Missing
        There is no such offer or technician, or they may not see it.
    Refused
        ``claim.first-come``: it goes to who is first; ``claim.twice``: they have bid already; and
        as :func:`dispatch.operations.pool.win.fitting` has it.
    """
    award_offers(database, travel)
    with database.work(actor) as work:
        technician = work.get(TechnicianRow, technician_id, lock=True)
        offer = work.get(OfferRow, offer_id, lock=True)
        if not is_offered_to(work, offer, technician):
            raise Missing("store.missing", kind="offer", id=str(offer_id))
        if offer.mode is not OfferMode.BATCHED:
            raise Refused("claim.first-come")
        if offer.closes_at is not None and offer.closes_at <= work.now:
            raise Refused("claim.lost", state="closed")
        if offer.id in bids_of(work, technician.id):
            raise Refused("claim.twice")
        fit, _ = fitting(work, offer, technician, travel)
        if offer.closes_at is None:
            window = timedelta(seconds=rules_of(work.session).bids_s)
            offer.closes_at = min(work.now + window, offer.expires_at)
            work.note("offer.bid_for", offer)
        claim = new_claim(work, offer, technician.id)
        claim.cost_minor = fit.cost_minor
        work.note("claim.made", claim)
        return work.commit(claim.id)


def withdraw_bid(database: Database, actor: Actor, claim_id: UUID, technician_id: UUID) -> None:
    """Take a bid back; raises Missing, and Refused ``state.claim``: it is decided."""
    with database.work(actor) as work:
        claim = work.get(ClaimRow, claim_id, lock=True)
        if claim.technician_id != technician_id:
            raise Missing("store.missing", kind="claim", id=str(claim_id))
        claim.state = CLAIM.after(ClaimAction.WITHDRAW, claim.state)
        claim.decided_at = work.now
        work.note("claim.withdrawn", claim)
        work.commit()
