"""Whether a visit fits what a technician has to do already, and what it would mean for them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from dispatch.domain.day import Day
from dispatch.domain.plan import Plan, PlannedBreak, PlannedVisit, Reason, Route, Unassigned
from dispatch.domain.states.visit import COMMITTED, UNDER_WAY
from dispatch.errors import Refused
from dispatch.operations.pool.alone import day_of_one
from dispatch.planning.compile import Compiled, compile_day
from dispatch.planning.culprits import culprits
from dispatch.planning.decode import routes_of
from dispatch.planning.encode import encode
from dispatch.planning.explain import explain
from dispatch.planning.extent import Extent, extent
from dispatch.planning.rests import rested
from dispatch.planning.travel_times import TravelTimes
from dispatch.solver.everywhere import Everywhere
from dispatch.solver.problem import COST_SCALE
from dispatch.solver.timing import time_routes
from dispatch.store.days import of_day
from dispatch.store.kinds.kind import Span
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.technicians import TechnicianRow
from dispatch.store.scope import UNSCOPED
from dispatch.store.shifts import breaks_heard, shift_names
from dispatch.store.snapshot import snapshot
from dispatch.store.waiting import bounds_of
from dispatch.store.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """A technician's day with one more visit in it."""

    routes: tuple[Route, ...]
    more: Extent
    """How much further and longer than without it."""
    cost_minor: int
    """What that adds, by the prices of the policy."""

    @property
    def about(self) -> Extent:
        """How much more in whole minutes and kilometres: from the exact way a site can be found."""
        return Extent(
            duration_s=_whole(self.more.duration_s, 60),
            travel_s=_whole(self.more.travel_s, 60),
            distance_m=_whole(self.more.distance_m, 1_000),
        )

    def start(self, job: str) -> datetime:
        """When the visit of a job would start, by its key."""
        visits = (visit for route in self.routes for visit in route.visits)
        return next(visit.start for visit in visits if visit.job == job)

    def per_hour_minor(self, fee_minor: int) -> int | None:
        """What the fee comes to for about each hour more; None where it takes no time."""
        about_s = self.about.duration_s
        return 3_600 * fee_minor // about_s if about_s > 0 else None


def _whole(value: int, unit: int) -> int:
    return unit * round(value / unit)


@dataclass(frozen=True, slots=True)
class RouteDay:
    """What a technician has to do, made ready to be asked whether another visit fits."""

    day: Day
    plan: Plan
    travel: TravelTimes
    held: Mapping[str, Reason] = field(default_factory=dict)
    """Why some jobs cannot be done on it, whoever does them, by key."""

    def fit(self, job: str) -> Fit | Reason:
        """How a job goes in at the least cost, or the first rule that it would break."""
        compiled = compile_day(self.day, self.travel)
        found = dict(self._fits(compiled, [job]))
        return found[job] if found else self._why_not(compiled, job)

    def holds(self) -> bool:
        """Whether what they have to do keeps every rule."""
        compiled = compile_day(self.day, self.travel)
        return rested(compiled, encode(compiled, self.plan))[1].solution is not None

    def starts(self) -> dict[str, datetime]:
        """When each visit can start at the earliest, in the order in which they are."""
        compiled = compile_day(self.day, self.travel)
        now = rested(compiled, encode(compiled, self.plan))[1].solution
        if now is None:
            return {}
        routes = routes_of(compiled, now)
        return {visit.job: visit.start for route in routes for visit in route.visits}

    def fits(self, jobs: Sequence[str]) -> dict[str, Fit]:
        """How each of some jobs would go in by itself; those that do not are left out."""
        return dict(self._fits(compile_day(self.day, self.travel), jobs))

    def _fits(self, compiled: Compiled, jobs: Sequence[str]) -> Iterator[tuple[str, Fit]]:
        rows, timed = rested(compiled, encode(compiled, self.plan))
        now = timed.solution
        if now is None:  # what they have to do does not hold by itself
            return
        before = extent(tuple(routes_of(compiled, now)))
        everywhere = Everywhere(compiled.problem, rows)
        groups = {entry.id: group for group, entry in enumerate(self.day.jobs)}
        for job in jobs:
            ways = everywhere.ways(groups[job]) if job in groups else ()
            after = time_routes(compiled.problem, ways[0].routes).solution if ways else None
            if after is not None:
                routes = tuple(routes_of(compiled, after))
                yield (
                    job,
                    Fit(
                        routes=routes,
                        more=extent(routes) - before,
                        cost_minor=(2 * ways[0].cost + COST_SCALE) // (2 * COST_SCALE),
                    ),
                )

    def _why_not(self, compiled: Compiled, job: str) -> Reason:
        if job in self.held:
            return self.held[job]
        if not self.day.technicians:
            return Reason(code="job.nobody-works")
        if job not in self.day.jobs_by_id:  # it is for others, who are not in this day
            return Reason(code="technician.required")
        rows, timed = rested(compiled, encode(compiled, self.plan))
        if timed.solution is None:  # what they have to do does not hold by itself
            first = culprits(compiled, rows, timed.violations)[0]
            values = {"job": first.job, "rule": first.rule}
            return Reason(code="route.broken", technician=self.day.technicians[0].id, values=values)
        bare = replace(self.plan, unassigned=(Unassigned(job=job),))
        reasons = explain(compiled, bare)[0].reasons
        own = [reason for reason in reasons if reason.technician is not None]
        return own[0] if own else reasons[0]


def route_day(
    work: Work, technician: UUID, jobs: Sequence[UUID], span: Span, travel: TravelTimes
) -> RouteDay:
    """The day of a technician with what they have to do, and some jobs that they may take.

    Raises
    ------
    Refused
        ``technician.ended``: they work here no longer.
    """
    if not work.get(TechnicianRow, technician).active:
        raise Refused("technician.ended")
    visits = list(
        work.session.scalars(
            select(VisitRow)
            .where(
                VisitRow.technician_id == technician,
                VisitRow.state.in_(COMMITTED),
                of_day(span.start, span.end, technician=technician),
            )
            .order_by(VisitRow.start_at)
            .options(joinedload(VisitRow.job), joinedload(VisitRow.shift)),
            execution_options=UNSCOPED,
        )
    )
    wanted = {*jobs, *(visit.job_id for visit in visits)}
    day = snapshot(work.session, "route", span, now=work.now, technician=technician, jobs=wanted)
    names = shift_names(work.session, span, of=technician)
    rows = _rows(work, wanted)
    plain = {job.id for job in day.jobs if day.crew(job) is None}
    asked = {row.key for row in rows} - {visit.job.key for visit in visits}
    bounds = bounds_of(
        work.session, rows, inside=plain, asked=asked, now=work.now, people=day.technicians
    )
    plan, fixed = _plan(day, visits, names), _fixed(work, visits)

    def alone(unavoidable: Mapping[str, datetime]) -> tuple[RouteDay, bool]:
        made = day_of_one(day, visits, bounds, fixed, unavoidable)
        return RouteDay(made.day, plan, travel, made.held), made.tied

    found, tied = alone({})
    if tied and not found.holds():  # whoever is late is late, but no later than that
        whenever, _ = alone(dict.fromkeys((visit.job.key for visit in visits), day.end))
        found, _ = alone(whenever.starts())
    return found


def _rows(work: Work, jobs: Collection[UUID]) -> Sequence[JobRow]:
    """As they are known to this work already; whatever outlet they are of."""
    found = (work.session.get(JobRow, job, execution_options=UNSCOPED) for job in jobs)
    return [row for row in found if row is not None]


def _fixed(work: Work, visits: Sequence[VisitRow]) -> set[str]:
    """Jobs of outlets that the actor does not see: what has not begun of them stays when it is."""
    return {
        visit.job.key
        for visit in visits
        if not work.sees(visit.outlet_id) and visit.state not in UNDER_WAY
    }


def _plan(day: Day, visits: Sequence[VisitRow], names: Mapping[UUID, str]) -> Plan:
    rows: dict[str, list[PlannedVisit]] = {}
    breaks: dict[str, tuple[PlannedBreak, ...]] = {}
    for visit in visits:
        if visit.start_at is None or visit.end_at is None or visit.shift is None:
            continue
        planned = PlannedVisit(
            job=visit.job.key,
            seat=0,
            arrive=visit.arrive_at or visit.start_at,
            start=visit.start_at,
            end=visit.end_at,
        )
        name = names.get(visit.shift.id, visit.shift.key)
        rows.setdefault(name, []).append(planned)
        breaks[name] = breaks_heard(visit.shift.planned_breaks)
    routes = tuple(
        Route(
            technician=day.technicians[0].id,
            shift=shift,
            depart=row[0].start,
            finish=row[-1].end,
            visits=tuple(row),
            legs=(),
            breaks=breaks[shift],
        )
        for shift, row in rows.items()
    )
    return Plan(
        day=day.id,
        currency=day.policy.currency,
        routes=routes,
        unassigned=(),
        costs_minor={},
    )
