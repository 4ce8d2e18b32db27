"""What a technician is asked to take, and what it would mean for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from dispatch.domain.actor import Actor
from dispatch.domain.states.offer import OfferState, PushState
from dispatch.errors import DispatchError
from dispatch.operations.pool.days import first_fits
from dispatch.operations.pool.route import Fit
from dispatch.planning.travel_times import TravelTimes
from dispatch.store.database import Database
from dispatch.store.days import hard_spans
from dispatch.store.offers import areas_of
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.pool import OfferRow
from dispatch.store.rows.pushes import PushRow
from dispatch.store.rows.technicians import TechnicianRow
from dispatch.store.scope import UNSCOPED
from dispatch.store.work import Work

MOST = 50
"""Pushes that one technician is told of at once, those that are over first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extra:
    """What a visit adds to somebody's day, in whole minutes and kilometres."""

    starts_at: datetime
    travel_s: int
    distance_m: int
    duration_s: int
    per_hour_minor: int | None
    """The fee for each hour more, if there is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is told of a visit before it is taken: no name, no telephone, no exact address."""

    push: PushRow
    job_type: str
    area: str | None
    """The territory of the site."""
    window_from: datetime | None
    """What the customer was promised; else the window of the job in which it would start."""
    window_to: datetime | None
    fee_minor: int | None
    """Of the pool's offer that nobody claimed before."""
    currency: str | None
    day: date | None
    """The first on which it fits, for which it is accepted; None as ``extra``."""
    extra: Extra | None
    """None where it does not fit now, or the travel times do not answer."""


@dataclass(frozen=True, slots=True)
class _Fitted:
    day: date
    fit: Fit


def look_at_pushes(
    database: Database, actor: Actor, technician_id: UUID, travel: TravelTimes
) -> list[Asked]:
    """Whatever somebody is asked now, what has to be answered first before the rest."""
    with database.work(actor) as work:
        pushes = _pushes(work, technician_id)
        fits = _fits(work, technician_id, [push.visit.job for push in pushes], travel)
        areas = areas_of(work.session, {push.visit.job.site_id for push in pushes})
        return [
            _told(push, fits.get(push.visit.job_id), areas, _offer(work, push)) for push in pushes
        ]


def _pushes(work: Work, technician: UUID) -> Sequence[PushRow]:
    query = (
        select(PushRow)
        .where(PushRow.technician_id == technician, PushRow.state == PushState.SENT)
        .order_by(PushRow.answer_by, PushRow.id)
        .limit(MOST)
        .options(joinedload(PushRow.visit).joinedload(VisitRow.job).joinedload(JobRow.type))
    )
    return work.session.scalars(query, execution_options=UNSCOPED).all()


def _fits(
    work: Work, technician: UUID, jobs: Sequence[JobRow], travel: TravelTimes
) -> dict[UUID, _Fitted]:
    """On which day each would be accepted; where that cannot be known now, the rest is told."""
    found: dict[UUID, _Fitted] = {}
    try:
        person = work.get(TechnicianRow, technician)
        for job, day, fit in first_fits(work, person, jobs, travel):
            found[job.id] = _Fitted(day.date, fit)
    except DispatchError:
        pass
    return found


def _offer(work: Work, push: PushRow) -> OfferRow | None:
    """The offer that was pushed because nobody had claimed it."""
    query = (
        select(OfferRow)
        .where(
            OfferRow.visit_id == push.visit_id,
            OfferRow.state == OfferState.WITHDRAWN,
            OfferRow.push_at <= push.sent_at,
        )
        .order_by(OfferRow.id.desc())
        .limit(1)
    )
    return work.session.scalars(query, execution_options=UNSCOPED).first()


def _told(
    push: PushRow, fitted: _Fitted | None, areas: Mapping[UUID, str], offer: OfferRow | None
) -> Asked:
    job = push.visit.job
    extra = None if fitted is None else _extra(fitted.fit, job.key, offer)
    opens, closes = push.visit.promised_from, push.visit.promised_to
    if (opens is None or closes is None) and fitted is not None and extra is not None:
        opens, closes = next(_holding(fitted.fit, job), (None, None))
    return Asked(
        push=push,
        job_type=job.type.key,
        area=areas.get(job.site_id),
        window_from=opens,
        window_to=closes,
        fee_minor=offer.fee_minor if offer else None,
        currency=offer.currency if offer else None,
        day=None if fitted is None else fitted.day,
        extra=extra,
    )


def _extra(fit: Fit, job: str, offer: OfferRow | None) -> Extra:
    """Rounded as in the pool, so that nobody finds a door by it."""
    return Extra(
        starts_at=fit.start(job).replace(second=0, microsecond=0),
        travel_s=fit.about.travel_s,
        distance_m=fit.about.distance_m,
        duration_s=fit.about.duration_s,
        per_hour_minor=None if offer is None else fit.per_hour_minor(offer.fee_minor),
    )


def _holding(fit: Fit, job: JobRow) -> Iterator[tuple[datetime, datetime]]:
    """The hard window in which it would start."""
    start = fit.start(job.key)
    for window in hard_spans(job):
        if window.start <= start <= window.end:
            yield window.start, window.end
