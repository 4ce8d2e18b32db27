"""Look at the pool: what a technician may claim, and what it would mean for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from dispatch.domain.actor import Actor
from dispatch.domain.states.offer import OfferState
from dispatch.operations.pool.route import Fit, route_day
from dispatch.planning.travel_times import TravelTimes
from dispatch.store.board import PlannedDay, day_to_do
from dispatch.store.database import Database
from dispatch.store.offers import is_offered_to
from dispatch.store.rows.jobs import VisitRow
from dispatch.store.rows.pool import OfferRow
from dispatch.store.rows.technicians import TechnicianRow
from dispatch.store.work import Work

MOST = 200
"""Offers looked at, those that end first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """What is told of an offer before it is claimed: no name, no telephone, no exact address."""

    offer: UUID
    job_type: str
    area: str | None
    """The territory of the site."""
    fee_minor: int
    currency: str
    expires_at: datetime
    starts_at: datetime
    """When the technician would start it."""
    travel_s: int
    """How much longer they would travel."""
    distance_m: int
    duration_s: int
    """How much longer they would be out."""
    per_hour_minor: int | None
    """The fee for each hour more."""


def look_at_pool(
    database: Database, actor: Actor, technician_id: UUID, travel: TravelTimes
) -> list[Offered]:
    """Every open offer that fits a technician's route by itself, the best paid hour first.

    Raises
    ------
    Missing
        There is no such technician, or the actor may not see them.
    """
    with database.work(actor) as work:
        technician = work.get(TechnicianRow, technician_id)
        found = [
            _told(offer, fit)
            for day, offers in _by_day(work, technician)
            for offer, fit in _fitting(work, technician, day, offers, travel)
        ]
    return sorted(found, key=lambda told: (-(told.per_hour_minor or 0), told.expires_at))


def _by_day(work: Work, technician: TechnicianRow) -> list[tuple[PlannedDay, list[OfferRow]]]:
    query = (
        select(OfferRow)
        .where(
            OfferRow.state == OfferState.OPEN,
            OfferRow.expires_at > work.now,
        )
        .order_by(OfferRow.expires_at, OfferRow.id)
        .limit(MOST)
        .options(joinedload(OfferRow.visit).joinedload(VisitRow.job))
    )
    days: dict[PlannedDay, list[OfferRow]] = defaultdict(list)
    for offer in work.session.scalars(query):
        if not is_offered_to(work, offer, technician):
            continue
        days[day_to_do(work.session, offer.visit.job, work.now)].append(offer)
    return list(days.items())


def _fitting(
    work: Work,
    technician: TechnicianRow,
    day: PlannedDay,
    offers: Sequence[OfferRow],
    travel: TravelTimes,
) -> Iterator[tuple[OfferRow, Fit]]:
    jobs = [offer.visit.job for offer in offers]
    route = route_day(work, technician.id, [job.id for job in jobs], day.span, travel)
    fits = route.fits([job.key for job in jobs])
    for offer in offers:
        if offer.visit.job.key in fits:
            yield offer, fits[offer.visit.job.key]


def _told(offer: OfferRow, fit: Fit) -> Offered:
    job = offer.visit.job
    starts = [visit.start for route in fit.routes for visit in route.visits if visit.job == job.key]
    return Offered(
        offer=offer.id,
        job_type=job.type.key,
        area=job.site.territory.key if job.site.territory else None,
        fee_minor=offer.fee_minor,
        currency=offer.currency,
        expires_at=offer.expires_at,
        starts_at=starts[0],
        travel_s=fit.more.travel_s,
        distance_m=fit.more.distance_m,
        duration_s=fit.more.duration_s,
        per_hour_minor=fit.per_hour_minor(offer.fee_minor),
    )
