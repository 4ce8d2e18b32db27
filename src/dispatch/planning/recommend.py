"""Who should take a job, in a plan as it stands: the ways there are, and why others have none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from operator import itemgetter

import numpy as np

from dispatch.domain.plan import Plan, Reason, Route, Unassigned
from dispatch.errors import Finding, InvalidInput
from dispatch.planning.compile import Compiled
from dispatch.planning.decode import routes_of
from dispatch.planning.encode import encode
from dispatch.planning.explain import explain
from dispatch.planning.extent import extent
from dispatch.planning.score import unserved_minor
from dispatch.solver.everywhere import Everywhere, Way
from dispatch.solver.problem import COST_SCALE
from dispatch.solver.solution import Solution
from dispatch.solver.timing import time_routes

MOST = 5
"""Ways that are told of, if nothing is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One visit of the job, on the route of one technician."""

    technician: str
    shift: str
    after: str | None
    """The job before it; None at the start of the route."""
    arrive: datetime
    start: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A way to do the job, and what it adds to the plan."""

    places: tuple[Place, ...]
    """One for each seat of the crew."""
    cost_minor: int
    """Without what is saved by not leaving the job out."""
    travel_s: int
    distance_m: int
    duration_s: int
    """Of all routes, from leaving to being back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """Who should take a job."""

    job: str
    candidates: tuple[Candidate, ...]
    """The cheapest of each technician who can, cheapest first."""
    changes: tuple[tuple[Route, ...], ...]
    """For each of these, the routes that it changes, as they would be."""
    possible: int
    """How many technicians can take it, or its first seat; more than there are candidates, where
    not all were asked for."""
    unserved_minor: int
    """What leaving the job out costs."""
    reasons: tuple[Reason, ...]
    """For each technician who cannot, the first rule that fails; who came nearest is first."""


def recommend(compiled: Compiled, plan: Plan, job_id: str, *, most: int = MOST) -> Recommendation:
    """Try a job at every place of every route.

    Parameters
    ----------
    plan
        A plan of the same day. If it has the job, the job is taken off first.
    job_id
        A job of the day.
    most
        How many candidates are worked out.

    Raises
    ------
    InvalidInput
        ``recommend.broken``: the plan, without the job, breaks a rule.
    """
    bare = _without(compiled, plan, job_id)
    rows = encode(compiled, bare)
    timed = time_routes(compiled.problem, rows)
    if timed.solution is None:
        rules = ", ".join(sorted({violation.rule.value for violation in timed.violations}))
        raise InvalidInput([Finding("recommend.broken", values={"job": job_id, "rules": rules})])
    group = [job.id for job in compiled.day.jobs].index(job_id)
    ways = _of_each_technician(compiled, Everywhere(compiled.problem, rows).ways(group))
    able = {compiled.duties[way.vehicle].technician.id for way in ways}
    told = [_candidate(compiled, timed.solution, way, job_id) for way in ways[:most]]
    return Recommendation(
        job=job_id,
        candidates=tuple(candidate for candidate, _ in told),
        changes=tuple(routes for _, routes in told),
        possible=len(ways),
        unserved_minor=unserved_minor(compiled.day, compiled.day.jobs_by_id[job_id]),
        reasons=tuple(_reasons(compiled, bare, job_id, able)),
    )


def _without(compiled: Compiled, plan: Plan, job_id: str) -> Plan:
    """The plan without the job; of those left out, only it and what it depends on are named."""
    wanted = {job_id, *(entry.job for entry in compiled.day.jobs_by_id[job_id].dependencies)}
    left_out = {entry.job for entry in plan.unassigned} | {job_id}
    routes = (
        replace(route, visits=tuple(visit for visit in route.visits if visit.job != job_id))
        for route in plan.routes
    )
    return replace(
        plan,
        routes=tuple(routes),
        unassigned=tuple(Unassigned(job=name) for name in sorted(wanted & left_out)),
    )


def _of_each_technician(compiled: Compiled, ways: Sequence[Way]) -> list[Way]:
    """The cheapest of all shifts of each."""
    best: dict[str, Way] = {}
    for way in ways:
        best.setdefault(compiled.duties[way.vehicle].technician.id, way)
    return list(best.values())


def _candidate(
    compiled: Compiled, before: Solution, way: Way, job_id: str
) -> tuple[Candidate, tuple[Route, ...]]:
    after = time_routes(compiled.problem, way.routes).solution
    assert after is not None  # noqa: S101 - it was found by keeping every rule
    touched = list(_touched(before, after))
    routes = tuple(routes_of(compiled, after, touched))
    more = extent(routes) - extent(tuple(routes_of(compiled, before, touched)))
    candidate = Candidate(
        places=places_of(routes, job_id),
        cost_minor=(2 * way.cost + COST_SCALE) // (2 * COST_SCALE),
        travel_s=more.travel_s,
        distance_m=more.distance_m,
        duration_s=more.duration_s,
    )
    return candidate, routes


def _touched(before: Solution, after: Solution) -> Iterator[int]:
    """The vehicles that have another route, or the same at other times."""
    for vehicle, (old, new) in enumerate(zip(before.routes, after.routes, strict=True)):
        visits = new[new < len(after.arrive_s)]
        same = (
            np.array_equal(old, new)
            and before.depart_s[vehicle] == after.depart_s[vehicle]
            and before.finish_s[vehicle] == after.finish_s[vehicle]
            and np.array_equal(before.arrive_s[visits], after.arrive_s[visits])
        )
        if not same:
            yield vehicle


def places_of(routes: Sequence[Route], job_id: str) -> tuple[Place, ...]:
    """Where a job is on some routes, seat by seat."""
    return tuple(place for _, place in sorted(_places(routes, job_id), key=itemgetter(0)))


def _places(routes: Sequence[Route], job_id: str) -> Iterator[tuple[int, Place]]:
    for route in routes:
        before = None
        for visit in route.visits:
            if visit.job == job_id:
                yield (
                    visit.seat,
                    Place(
                        technician=route.technician,
                        shift=route.shift,
                        after=before,
                        arrive=visit.arrive,
                        start=visit.start,
                    ),
                )
            before = visit.job


def _reasons(compiled: Compiled, bare: Plan, job_id: str, able: set[str]) -> Iterator[Reason]:
    """What the explanation of a job left out says of those who have no way."""
    explained = {entry.job: entry.reasons for entry in explain(compiled, bare)}
    for reason in explained[job_id]:
        if reason.technician is not None and reason.technician not in able:
            yield reason
