"""Claim an offer: exactly one wins, and only if it fits their route."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import update

from dispatch.domain.actor import Actor
from dispatch.domain.plan import Reason
from dispatch.domain.states.offer import OFFER, OfferAction, OfferState
from dispatch.errors import Missing, Refused
from dispatch.operations.pool.route import Fit, route_day
from dispatch.planning.travel_times import TravelTimes
from dispatch.store.board import day_to_do, touch_days
from dispatch.store.database import Database
from dispatch.store.events import Event
from dispatch.store.jobs import follow_visits
from dispatch.store.offers import is_free, is_offered_to
from dispatch.store.placing import place_routes
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.pool import OfferRow
from dispatch.store.rows.technicians import TechnicianRow
from dispatch.store.work import Work


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claim that has won."""

    offer: UUID
    visit: UUID
    fit: Fit


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
        ``claim.lost``: it is open no longer; ``claim.misfit``: it does not fit, and why.
    """
    with database.work(actor) as work:
        technician = work.get(TechnicianRow, technician_id, lock=True)
        offer = work.get(OfferRow, offer_id)
        if not is_offered_to(work, offer, technician):
            raise Missing("store.missing", kind="offer", id=str(offer_id))
        if offer.state is not OfferState.OPEN or offer.expires_at <= work.now:
            raise Refused("claim.lost", state=offer.state.value)
        job = work.get(JobRow, offer.visit.job_id)
        day = day_to_do(work.session, job, work.now)
        fit = route_day(work, technician.id, [job.id], day.span, travel).fit(job.key)
        if isinstance(fit, Reason):
            raise Refused("claim.misfit", reason=fit.code)
        visit = work.get(VisitRow, offer.visit_id, lock=True)
        if not is_free(visit, job):
            raise Refused("claim.lost", state=visit.state.value)
        _win(work, offer, technician)
        place_routes(work, technician, fit.routes, day.span)
        follow_visits(work, [job])
        touch_days(work.session, [day.date])
        return work.commit(Claimed(offer.id, offer.visit_id, fit))


def _win(work: Work, offer: OfferRow, technician: TechnicianRow) -> None:
    """One conditional update: of all who try, it changes the row for the first one only."""
    won = work.session.execute(
        update(OfferRow)
        .where(
            OfferRow.id == offer.id,
            OfferRow.state == OfferState.OPEN,
            OfferRow.expires_at > work.now,
        )
        .values(
            state=OFFER.after(OfferAction.CLAIM, OfferState.OPEN),
            technician_id=technician.id,
            claimed_at=work.now,
            version=OfferRow.version + 1,
        )
        .returning(OfferRow.id)
    ).first()
    if won is None:
        raise Refused("claim.lost", state="claimed")
    work.record(
        Event(
            kind="offer.claimed",
            subject=offer.id,
            outlet=offer.outlet_id,
            before={"state": "open"},
            after={"state": "claimed", "technician_id": str(technician.id)},
        )
    )
