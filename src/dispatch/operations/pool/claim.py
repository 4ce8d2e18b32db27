"""Claim an offer: exactly one wins, and only if it fits their route."""

from __future__ import annotations

from uuid import UUID

from dispatch.domain.actor import Actor
from dispatch.domain.states.offer import OfferMode
from dispatch.errors import Missing, Refused
from dispatch.operations.pool.win import Claimed, fitting, hold_offered, win
from dispatch.planning.travel_times import TravelTimes
from dispatch.store.database import Database
from dispatch.store.offers import is_offered_to
from dispatch.store.rows.pool import OfferRow
from dispatch.store.rows.technicians import TechnicianRow
from dispatch.store.waiting import hold_order


def claim_offer(
    database: Database, actor: Actor, offer_id: UUID, technician_id: UUID, travel: TravelTimes
) -> Claimed:
    """Give the visit of an offer to a technician, if it is open still and fits their route.

    Whoever holds the technician's row decides on their route, so two claims of one technician
    never overlap; the offer itself goes to whoever changes it first while it is open.

    Raises
    ------
    Missing
        There is no such offer or technician, or they may not see it.
    Refused
        ``claim.batched``: it goes to whom it fits best of all who bid; and as
        :func:`dispatch.operations.pool.win.fitting` has it.
    """
    with database.work(actor) as work:
        offer = work.get(OfferRow, offer_id)
        hold_order(work, offer.visit_id)
        technician = work.get(TechnicianRow, technician_id, lock=True)
        if not is_offered_to(work, offer, technician):
            raise Missing("store.missing", kind="offer", id=str(offer_id))
        if offer.mode is OfferMode.BATCHED:
            raise Refused("claim.batched")
        hold_offered(work, offer, technician_id)
        fit, day = fitting(work, offer, technician, travel)
        return work.commit(win(work, offer, technician, fit, day))
