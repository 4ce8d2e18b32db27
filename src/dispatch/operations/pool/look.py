"""Look at the pool: what a technician may claim, and what it would mean for them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from uuid import UUID

from sqlalchemy import or_

from dispatch.domain.actor import Actor
from dispatch.domain.states.offer import OfferMode, OfferState
from dispatch.operations.pool.days import first_fits
from dispatch.operations.pool.route import Fit
from dispatch.operations.pool.sift import sifted
from dispatch.operations.pool.standing import Standing, bar, standing_of
from dispatch.planning.travel_times import TravelTimes
from dispatch.store.claims import bids_of
from dispatch.store.database import Database
from dispatch.store.offers import offering_outlets, roughly
from dispatch.store.rows.pool import OfferRow
from dispatch.store.rows.technicians import TechnicianRow
from dispatch.store.work import Work

MOST = 200
"""Offers told of."""
BATCHES = 5
"""So often the routes are looked at for more of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """What is told of an offer before it is claimed: no name, no telephone, no exact address."""

    offer: UUID
    job_type: str
    area: str | None
    """The territory of the site; of one in none the position to a tenth of a degree."""
    fee_minor: int
    currency: str
    earliest: datetime
    latest: datetime
    """Between these the visit is to start."""
    expires_at: datetime
    mode: OfferMode
    closes_at: datetime | None
    """Until when others may bid, once somebody has."""
    reason: str | None
    """Why they may not have it, though it fits, as a code; None: they may."""
    day: date
    """The first on which it fits; a claim is for this one."""
    starts_at: datetime
    """When the technician would start it, to the minute."""
    travel_s: int
    """How much longer they would travel, in whole minutes."""
    distance_m: int
    """In whole kilometres."""
    duration_s: int
    """How much longer they would be out, in whole minutes."""
    per_hour_minor: int | None
    """The fee for each hour more."""


def look_at_pool(
    database: Database, actor: Actor, technician_id: UUID, travel: TravelTimes
) -> list[Offered]:
    """Every open offer that fits a technician's route by itself, the best paid hour first.

    Each is told for the first day on which it fits, which is the one that a claim is for.

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
        found = _found(work, technician, travel)
    return sorted(found, key=_order)[:MOST]


def _found(work: Work, technician: TechnicianRow, travel: TravelTimes) -> list[Offered]:
    """Batch after batch, until there are enough that they may have."""
    standing, bids = standing_of(work, technician), bids_of(work, technician.id)
    found: list[Offered] = []
    for offers in islice(_open_to(work, technician), BATCHES):
        by_job = {offer.visit.job.id: offer for offer in offers}
        areas = roughly(work.session, {offer.visit.job.site_id for offer in offers})
        jobs = [offer.visit.job for offer in offers]
        for job, day, fit in first_fits(work, technician, jobs, travel):
            offer = by_job[job.id]
            reason = _barred(standing, bids, technician, offer)
            found.append(_told(offer, day.date, fit, areas, reason))
        if sum(told.reason is None for told in found) >= MOST:
            break
    return found


def _order(told: Offered) -> tuple[bool, int, datetime]:
    return told.reason is not None, -(told.per_hour_minor or 0), told.expires_at


def _barred(
    standing: Standing, bids: Collection[UUID], technician: TechnicianRow, offer: OfferRow
) -> str | None:
    barred = bar(standing, technician, offer)
    if barred is not None:
        return barred.code
    return "claim.twice" if offer.id in bids else None


def _open_to(work: Work, technician: TechnicianRow) -> Iterator[list[OfferRow]]:
    """Offers that are open and could be for somebody, whatever their route."""
    which = [
        OfferRow.state == OfferState.OPEN,
        OfferRow.expires_at > work.now,
        or_(OfferRow.closes_at.is_(None), OfferRow.closes_at > work.now),
    ]
    outlets = offering_outlets(work, technician)
    if outlets is not None:
        which += [OfferRow.mode != OfferMode.LEADERS, OfferRow.outlet_id.in_(outlets)]
    return sifted(work, [technician], *which)


def _told(
    offer: OfferRow, day: date, fit: Fit, areas: Mapping[UUID, str], reason: str | None
) -> Offered:
    job = offer.visit.job
    return Offered(
        offer=offer.id,
        job_type=job.type.key,
        area=areas.get(job.site_id),
        fee_minor=offer.fee_minor,
        currency=offer.currency,
        earliest=job.earliest,
        latest=job.latest,
        expires_at=offer.expires_at,
        mode=offer.mode,
        closes_at=offer.closes_at,
        reason=reason,
        day=day,
        starts_at=fit.start(job.key).replace(second=0, microsecond=0),
        travel_s=fit.about.travel_s,
        distance_m=fit.about.distance_m,
        duration_s=fit.about.duration_s,
        per_hour_minor=fit.per_hour_minor(offer.fee_minor),
    )
