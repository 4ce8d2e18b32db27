"""The routes of a plan, into which jobs left out are tried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from dispatch.domain.plan import Plan
from dispatch.errors import Value
from dispatch.planning.compile import Compiled
from dispatch.planning.encode import encode
from dispatch.planning.explain.trial import FULL_S, Trial, walk
from dispatch.planning.horizon import Span
from dispatch.planning.rules.rule import Miss
from dispatch.solver.arrays import NEVER


@dataclass(frozen=True, slots=True, eq=False)
class Routes:
    """A plan in the problem's indices."""

    compiled: Compiled
    rows: tuple[tuple[int, ...], ...]
    """For each vehicle its activities; one without visits has only its breaks."""
    times: dict[int, Span]
    """Start and end of each visit served."""
    spans: dict[int, Span]
    """When the visits that are tied to others may start: as planned."""
    costs: tuple[int, ...]
    """(vehicles,) in cost units"""

    @staticmethod
    def of(compiled: Compiled, plan: Plan) -> Routes:
        """The routes of ``plan``."""
        rows = []
        first = len(compiled.visits)
        for duty, row in zip(compiled.duties, encode(compiled, plan), strict=True):
            pauses = range(first, first + len(duty.pauses))
            rows.append(tuple(int(activity) for activity in row) or tuple(pauses))
            first += len(duty.pauses)
        times = _times(compiled, plan)
        links = compiled.problem.links
        tied = {int(visit) for visit in np.concatenate((links.before, links.after))}
        spans = {
            visit: Span(span.start_s, span.start_s)
            for visit, span in times.items()
            if visit in tied
        }
        costs = tuple(walk(compiled, vehicle, row, spans).cost for vehicle, row in enumerate(rows))
        return Routes(compiled, tuple(rows), times, spans, costs)

    def span_of(self, visit: int) -> Span:
        """When the jobs before this one let it start; links to visits left out say nothing."""
        links = self.compiled.problem.links
        low, high = 0, NEVER
        for at in np.flatnonzero(links.after == visit):
            before = self.times.get(int(links.before[at]))
            if before is None:
                continue
            base = before.end_s if links.from_end[at] else before.start_s
            low = max(low, base + int(links.min_delay_s[at]))
            high = min(high, base + int(links.max_delay_s[at]))
        return Span(low, high)

    def without(self, visit: int, vehicle: int) -> Routes:
        """The same with a visit taken off its route."""
        row = tuple(activity for activity in self.rows[vehicle] if activity != visit)
        rows, costs = list(self.rows), list(self.costs)
        rows[vehicle] = row
        costs[vehicle] = walk(self.compiled, vehicle, row, self.spans).cost
        times = {other: span for other, span in self.times.items() if other != visit}
        return replace(self, rows=tuple(rows), times=times, costs=tuple(costs))

    def in_order(self, visit: int, vehicle: int) -> Trial:
        """A visit put before all that were published to come after it on this route."""
        published, row = self.compiled.problem.published, self.rows[vehicle]
        rank = {
            int(other): int(published.rank[at])
            for at, other in enumerate(published.visit)
            if published.vehicle[at] == vehicle
        }
        later = (at for at, other in enumerate(row) if rank.get(other, -1) > rank[visit])
        at = next(later, len(row))
        spans = {**self.spans, visit: self.span_of(visit)}
        trial = walk(self.compiled, vehicle, (*row[:at], visit, *row[at:]), spans, visit)
        return replace(trial, cost=trial.cost - self.costs[vehicle])

    def best(self, visit: int, vehicle: int, within: Span | None = None) -> Trial:
        """The cheapest place for ``visit`` in a route, its cost being what it adds.

        Without a place, the miss that is least. ``within`` is when the visit is to start, if not
        at any time.
        """
        full = self._full(visit, vehicle)
        if full is not None:
            return Trial(miss=full)
        row = self.rows[vehicle]
        span = self.span_of(visit)
        if within is not None:
            low, high = max(span.start_s, within.start_s), min(span.end_s, within.end_s)
            span = Span(low, high)
        spans = {**self.spans, visit: span}
        trials = [
            walk(self.compiled, vehicle, (*row[:at], visit, *row[at:]), spans, visit)
            for at in range(len(row) + 1)
        ]
        fitting = [trial.cost for trial in trials if trial.miss is None]
        if fitting:
            return Trial(min(fitting) - self.costs[vehicle])
        return min(trials, key=lambda trial: trial.miss.gap if trial.miss else 0)

    def _full(self, visit: int, vehicle: int) -> Miss | None:
        """What is used up whatever the order: the number of jobs, the parts in the van."""
        problem = self.compiled.problem
        served = [at for at in self.rows[vehicle] if at < len(self.compiled.visits)]
        most = int(problem.vehicles.max_visits[vehicle])
        if len(served) >= most:
            return Miss("route.max-jobs", {"most": most}, FULL_S)
        used = _load(problem.visits.load, [*served, visit])
        for part, total, room in zip(
            self.compiled.parts, used, problem.vehicles.capacity[vehicle], strict=True
        ):
            wanted = int(problem.visits.load[visit, self.compiled.parts.index(part)])
            if wanted and total > room:
                left = int(room) - int(total) + wanted
                values: dict[str, Value] = {"part": part, "wanted": wanted, "left": left}
                return Miss("route.parts", values, FULL_S)
        return None


def _load(
    load: np.ndarray[tuple[int, ...], np.dtype[np.int64]], served: Sequence[int]
) -> list[int]:
    return [int(total) for total in load[list(served)].sum(axis=0)]


def _times(compiled: Compiled, plan: Plan) -> dict[int, Span]:
    numbers = {(visit.job.id, visit.seat): at for at, visit in enumerate(compiled.visits)}
    seconds = compiled.horizon.from_s
    return {
        numbers[visit.job, visit.seat]: Span(seconds(visit.start), seconds(visit.end))
        for route in plan.routes
        for visit in route.visits
        if (visit.job, visit.seat) in numbers
    }
