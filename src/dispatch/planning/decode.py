"""A solution as a plan: indices become names again, seconds become date-times."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from dispatch.domain.clock import elapsed_s
from dispatch.domain.plan import (
    CostKind,
    Leg,
    Plan,
    PlannedBreak,
    PlannedVisit,
    Progress,
    Route,
    Unassigned,
)
from dispatch.planning.compile import Compiled
from dispatch.planning.horizon import Span
from dispatch.planning.score import cost_items, totals
from dispatch.solver.engine import Result, Step
from dispatch.solver.problem import COST_SCALE, OPEN
from dispatch.solver.solution import ABSENT, Solution


def decode(compiled: Compiled, result: Result, *, engine: str = "", seed: int = 0) -> Plan:
    """The plan of a result; without a solution every job is left out.

    Reasons are not given here: :func:`dispatch.planning.explain.explain` finds them.
    """
    solution = result.solution
    plan = Plan(
        day=compiled.day.id,
        currency=compiled.day.policy.currency,
        routes=tuple(routes_of(compiled, solution)) if solution else (),
        unassigned=tuple(Unassigned(job=job) for job in _left_out(compiled, solution)),
        costs_minor={},
        engine=engine,
        seed=seed,
        seconds=result.seconds,
        travel=compiled.travel,
        curve=tuple(point(step) for step in result.curve),
        lower_bound_minor=None if result.lower_bound is None else result.lower_bound // COST_SCALE,
    )
    return scored(compiled, plan)


def point(step: Step) -> Progress:
    """A step of the improvement curve in minor units, rounded half up."""
    minor = (2 * step.cost + COST_SCALE) // (2 * COST_SCALE)
    return Progress(seconds=step.seconds, cost_minor=minor, unserved=step.unserved_visits)


def scored(compiled: Compiled, plan: Plan) -> Plan:
    """The plan with its cost by component."""
    found = totals(cost_items(compiled.day, plan))
    return replace(plan, costs_minor={kind: found.get(kind, 0) for kind in CostKind})


def _left_out(compiled: Compiled, solution: Solution | None) -> Iterator[str]:
    served = {
        visit.job.id
        for at, visit in enumerate(compiled.visits)
        if solution is not None and solution.vehicle[at] != ABSENT
    }
    return (job.id for job in compiled.day.jobs if job.id not in served)


def routes_of(
    compiled: Compiled, solution: Solution, vehicles: Iterable[int] | None = None
) -> Iterator[Route]:
    """The routes of all duties with work, in the order of the duties; or only of some."""
    for vehicle in range(len(solution.routes)) if vehicles is None else vehicles:
        row = solution.routes[vehicle]
        visits = [int(at) for at in row if at < len(compiled.visits)]
        if visits:
            rests = [int(at) - len(compiled.visits) for at in row if at >= len(compiled.visits)]
            yield _Unfolding(compiled, solution, vehicle, visits, rests).route()


@dataclass(frozen=True, slots=True)
class _Unfolding:
    """One vehicle's part of a solution, being turned into a route."""

    compiled: Compiled
    solution: Solution
    vehicle: int
    visits: Sequence[int]
    rests: Sequence[int]
    """The problem's breaks of this vehicle, in the order of the route."""

    def route(self) -> Route:
        duty = self.compiled.duties[self.vehicle]
        finish = self._moment(self.solution.finish_s[self.vehicle])
        return Route(
            technician=duty.technician.id,
            shift=duty.shift.id,
            depart=self._moment(self.solution.depart_s[self.vehicle]),
            finish=finish,
            visits=tuple(self._visits()),
            legs=tuple(self._legs()),
            breaks=tuple(
                PlannedBreak(start=self._moment(span.start_s), end=self._moment(span.end_s))
                for at, span in self._pauses()
                if not self.compiled.pauses[at].absence
            ),
            overtime_s=max(0, elapsed_s(duty.shift.end, finish)),
        )

    def _moment(self, second: int) -> datetime:
        return self.compiled.horizon.moment(int(second))

    def _pauses(self) -> Iterator[tuple[int, Span]]:
        """Breaks taken and absences passed through, with their times."""
        for at in self.rests:
            start = int(self.solution.break_start_s[at])
            if start != ABSENT:
                yield at, Span(start, start + self.compiled.pauses[at].duration_s)

    def _visits(self) -> Iterator[PlannedVisit]:
        before = None
        for at in self.visits:
            visit = self.compiled.visits[at]
            end = self._moment(self.solution.end_s[at])
            due = visit.job.sla_due
            yield PlannedVisit(
                job=visit.job.id,
                seat=visit.seat,
                arrive=self._moment(self.solution.arrive_s[at]),
                start=self._moment(self.solution.start_s[at]),
                end=end,
                setup_s=0 if visit.site.id == before else visit.site.setup_s,
                lateness_s=max(0, elapsed_s(due, end)) if due else 0,
            )
            before = visit.site.id

    def _legs(self) -> Iterator[Leg]:
        """From stop to stop; at an open end there is none."""
        places, solution = self.compiled.places, self.solution
        here = places.start_of_duty[self.vehicle]
        free = int(solution.depart_s[self.vehicle])
        for at in self.visits:
            there = places.of_visit[at]
            if here != OPEN:
                yield self._leg(here, there, free, int(solution.arrive_s[at]))
            here, free = there, int(solution.end_s[at])
        end = places.end_of_duty[self.vehicle]
        if end != OPEN:
            yield self._leg(here, end, free, int(solution.finish_s[self.vehicle]))

    def _leg(self, here: int, there: int, free_s: int, arrive_s: int) -> Leg:
        """Whoever has a break before they set out leaves after it."""
        depart = free_s
        for _, pause in self._pauses():
            if pause.start_s == depart and pause.end_s <= arrive_s:
                depart = pause.end_s
        problem = self.compiled.problem
        profile = int(problem.vehicles.profile[self.vehicle])
        rested = sum(
            max(0, min(arrive_s, pause.end_s) - max(depart, pause.start_s))
            for _, pause in self._pauses()
        )
        return Leg(
            origin=self._name(here),
            destination=self._name(there),
            depart=self._moment(depart),
            arrive=self._moment(arrive_s),
            travel_s=arrive_s - depart - rested,
            distance_m=int(problem.distance_m[profile, here, there]),
        )

    def _name(self, place: int) -> str:
        name = self.compiled.places.all[place].id
        return "home" if name.startswith("home:") else name
