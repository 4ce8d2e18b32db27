"""Look at the pool: what a technician may claim, and what it would mean for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from dispatch.domain.actor import Actor
from dispatch.domain.states.offer import OfferMode, OfferState
from dispatch.operations.pool.route import Fit, route_day
from dispatch.operations.pool.standing import Standing, bar, is_abroad, standing_of
from dispatch.planning.travel_times import TravelTimes
from dispatch.store.board import PlannedDay, day_to_do
from dispatch.store.claims import bids_of
from dispatch.store.database import Database
from dispatch.store.offers import areas_of, offering_outlets
from dispatch.store.pool_rules import rules_of
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
    mode: OfferMode
    closes_at: datetime | None
    """Until when others may bid, once somebody has."""
    reason: str | None
    """Why they may not have it, though it fits, as a code; None: they may."""
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

    Those that something else keeps them from come last, with the reason.

    Raises
    ------
    Missing
        There is no such technician, or the actor may not see them.
    """
    with database.work(actor) as work:
        technician = work.get(TechnicianRow, technician_id)
        if not technician.active:
            return []
        standing, bids = standing_of(work, technician), bids_of(work, technician.id)
        fitting = [
            pair
            for day, offers in _by_day(work, technician)
            for pair in _fitting(work, technician, day, offers, travel)
        ]
        areas = areas_of(work.session, {offer.visit.job.site_id for offer, _ in fitting})
        found = [
            _told(offer, fit, areas, _barred(standing, bids, technician, offer))
            for offer, fit in fitting
        ]
    return sorted(found, key=_order)


def _order(told: Offered) -> tuple[bool, int, datetime]:
    return told.reason is not None, -(told.per_hour_minor or 0), told.expires_at


def _barred(
    standing: Standing, bids: Collection[UUID], technician: TechnicianRow, offer: OfferRow
) -> str | None:
    barred = bar(standing, technician, offer)
    if barred is not None:
        return barred.code
    return "claim.twice" if offer.id in bids else None


def _by_day(work: Work, technician: TechnicianRow) -> list[tuple[PlannedDay, list[OfferRow]]]:
    query = (
        select(OfferRow)
        .where(
            OfferRow.state == OfferState.OPEN,
            OfferRow.expires_at > work.now,
            or_(OfferRow.closes_at.is_(None), OfferRow.closes_at > work.now),
        )
        .order_by(OfferRow.expires_at, OfferRow.id)
        .limit(MOST)
        .options(joinedload(OfferRow.visit).joinedload(VisitRow.job))
    )
    outlets = offering_outlets(work, technician)
    if outlets is not None:
        query = query.where(OfferRow.mode != OfferMode.LEADERS, OfferRow.outlet_id.in_(outlets))
    offers = list(work.session.scalars(query))
    rules = rules_of(work.session)
    areas = areas_of(work.session, {offer.visit.job.site_id for offer in offers})
    days: dict[PlannedDay, list[OfferRow]] = defaultdict(list)
    for offer in offers:
        if is_abroad(rules, technician, areas.get(offer.visit.job.site_id)):
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


def _told(offer: OfferRow, fit: Fit, areas: Mapping[UUID, str], reason: str | None) -> Offered:
    job = offer.visit.job
    starts = [visit.start for route in fit.routes for visit in route.visits if visit.job == job.key]
    return Offered(
        offer=offer.id,
        job_type=job.type.key,
        area=areas.get(job.site_id),
        fee_minor=offer.fee_minor,
        currency=offer.currency,
        expires_at=offer.expires_at,
        mode=offer.mode,
        closes_at=offer.closes_at,
        reason=reason,
        starts_at=starts[0],
        travel_s=fit.more.travel_s,
        distance_m=fit.more.distance_m,
        duration_s=fit.more.duration_s,
        per_hour_minor=fit.per_hour_minor(offer.fee_minor),
    )
