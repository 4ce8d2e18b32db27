"""Of the ways that a whole day has for a job, those that are there when only one route is moved.

The day moves what others do together with it: who waits for whom, who comes together, and for a
price what customers were promised. Whoever gives somebody a job moves none of that.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple, TypeAlias
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
    stands = _standing(work, ways.keys(), span)
    found: dict[UUID, Candidate] = {}
    reasons: list[Reason] = []
    for technician, (way, routes) in ways.items():
        own = stands.get(technician, ())
        has_it = any(one.job == job.key for one in own)
        if has_it or len(way.places) > 1 or _moves_nobody(work, routes, own):
            found[technician] = way
            continue
        fit = route_day(work, technician, [job.id], span, travel).fit(job.key)
        if isinstance(fit, Fit):
            found[technician] = _as_it_fits(fit, job.key)
        else:
            reasons.append(replace(fit, technician=way.places[0].technician))
    return dict(sorted(found.items(), key=lambda item: item[1].cost_minor)), reasons


class _Standing(NamedTuple):
    """A visit that has a place."""

    job: str
    outlet: UUID
    start: datetime | None
    promised_from: datetime | None
    promised_to: datetime | None

    def promised(self, start: datetime) -> bool:
        """Whether a start keeps what the customer was promised, if that is kept so far."""
        opens, closes = self.promised_from, self.promised_to
        if opens is None or closes is None or self.start is None:
            return True
        return opens <= start <= closes or not opens <= self.start <= closes


def _standing(
    work: Work, technicians: Collection[UUID], span: Span
) -> Mapping[UUID | None, Sequence[_Standing]]:
    """What these have to do, of whatever outlet."""
    query = (
        select(
            VisitRow.technician_id,
            JobRow.key,
            VisitRow.outlet_id,
            VisitRow.start_at,
            VisitRow.promised_from,
            VisitRow.promised_to,
        )
        .join(VisitRow.job)
        .where(
            VisitRow.technician_id == any_(literal(list(technicians), ARRAY(Uuid))),
            VisitRow.state.in_(COMMITTED),
            of_day(span.start, span.end),
        )
    )
    found: dict[UUID | None, list[_Standing]] = defaultdict(list)
    for technician, job, outlet, *times in work.session.execute(query, execution_options=UNSCOPED):
        found[technician].append(_Standing(job, outlet, *times))
    return found


def _moves_nobody(work: Work, routes: Sequence[Route], own: Sequence[_Standing]) -> bool:
    """Whether a way changes one route only, which is seen whole, and keeps what was promised."""
    if len(routes) > 1 or any(not work.sees(one.outlet) for one in own):
        return False
    starts = {visit.job: visit.start for route in routes for visit in route.visits}
    return all(one.promised(starts[one.job]) for one in own if one.job in starts)


def _as_it_fits(fit: Fit, job: str) -> Candidate:
    return Candidate(
        places=places_of(fit.routes, job),
        cost_minor=fit.cost_minor,
        travel_s=fit.more.travel_s,
        distance_m=fit.more.distance_m,
        duration_s=fit.more.duration_s,
    )
