"""Of the ways that a whole day has for a job, those that are there when only one route is moved.

The day moves what others do together with it: who waits for whom, who comes together, and for a
price what customers were promised. Whoever gives somebody a job moves none of that.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, literal, select

from dispatch.domain.plan import Reason, Route
from dispatch.domain.states.visit import COMMITTED
from dispatch.operations.pool.route import Fit, route_day
from dispatch.planning.recommend import Candidate, places_of
from dispatch.planning.travel_times import TravelTimes
from dispatch.store.days import of_day
from dispatch.store.kinds.kind import Span
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.scope import UNSCOPED
from dispatch.store.work import Work

Way: TypeAlias = tuple[Candidate, Sequence[Route]]
"""With the routes that it changes, as they would be."""


def confirm(
    work: Work, job: JobRow, ways: Mapping[UUID, Way], span: Span, travel: TravelTimes
) -> tuple[dict[UUID, Candidate], list[Reason]]:
    """The ways that assigning would find, the cheapest first, and why the others are none.

    A crew, whom only a plan brings together, is not looked at; nor is whoever has the job already.

    Parameters
    ----------
    ways
        Of each technician one.
    """
    has_it = {visit.technician_id for visit in job.visits if visit.state in COMMITTED}
    promises = _promises(work, ways.keys(), span)
    found: dict[UUID, Candidate] = {}
    reasons: list[Reason] = []
    for technician, (way, routes) in ways.items():
        moves_none = len(routes) == 1 and _keeps(routes[0], promises)
        if moves_none or technician in has_it or len(way.places) > 1:
            found[technician] = way
            continue
        fit = route_day(work, technician, [job.id], span, travel).fit(job.key)
        if isinstance(fit, Fit):
            found[technician] = _as_it_fits(fit, job.key)
        else:
            reasons.append(replace(fit, technician=way.places[0].technician))
    return dict(sorted(found.items(), key=lambda item: item[1].cost_minor)), reasons


def _promises(work: Work, technicians: Collection[UUID], span: Span) -> dict[str, Span]:
    """What customers were promised on these routes, and is kept as they stand, by job."""
    promised = (VisitRow.promised_from, VisitRow.promised_to)
    query = (
        select(JobRow.key, *promised)
        .join(VisitRow.job)
        .where(
            VisitRow.technician_id == any_(literal(list(technicians), ARRAY(Uuid))),
            VisitRow.state.in_(COMMITTED),
            of_day(span.start, span.end),
            VisitRow.start_at.between(*promised),
        )
    )
    rows = work.session.execute(query, execution_options=UNSCOPED)
    return {job: Span(opens, closes) for job, opens, closes in rows if opens and closes}


def _keeps(route: Route, promises: Mapping[str, Span]) -> bool:
    return all(
        promises[visit.job].start <= visit.start <= promises[visit.job].end
        for visit in route.visits
        if visit.job in promises
    )


def _as_it_fits(fit: Fit, job: str) -> Candidate:
    return Candidate(
        places=places_of(fit.routes, job),
        cost_minor=fit.cost_minor,
        travel_s=fit.more.travel_s,
        distance_m=fit.more.distance_m,
        duration_s=fit.more.duration_s,
    )
