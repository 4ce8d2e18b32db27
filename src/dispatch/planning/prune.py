"""Routes that break a rule: the least is taken off that has to go, and finds another place."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from dispatch.planning.compile import Compiled
from dispatch.planning.rests import other_rests, rested
from dispatch.solver.arrays import Ints
from dispatch.solver.everywhere import Everywhere, Way
from dispatch.solver.solution import ABSENT
from dispatch.solver.timing import Rule, Timed, Timekeeper, Violation

Weight = tuple[int, ...]
"""Of two jobs the lighter one goes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruned:
    """What is left of the routes."""

    rows: Sequence[Ints]
    timed: Timed
    """Without a solution if a rule is broken by what has to stay."""
    off: Mapping[str, str] = field(default_factory=dict)
    """Jobs that were taken off, and for which rule."""


def pruned(compiled: Compiled, rows: Sequence[Ints], may_go: Mapping[str, Weight]) -> Pruned:
    """Take jobs off routes, one after another, until every rule holds.

    Parameters
    ----------
    rows
        For each vehicle its activities, as :func:`dispatch.planning.encode.encode` has them.
    may_go
        Jobs that may be taken off, as a whole. Where one is enough, the lightest of those goes.
    """
    return _Pruning(compiled, rows, may_go).done()


def without(compiled: Compiled, rows: Sequence[Ints], jobs: Collection[str]) -> list[Ints]:
    """The routes without some jobs."""
    gone = [at for at, visit in enumerate(compiled.visits) if visit.job.id in jobs]
    return [row[~np.isin(row, gone)] for row in rows]


def put_back(
    compiled: Compiled, rows: Sequence[Ints], jobs: Mapping[str, Collection[int]]
) -> Sequence[Ints]:
    """Serve jobs that are on no route, one after another, as far as that breaks no rule.

    Parameters
    ----------
    jobs
        In this order; each with the vehicles that had it, of which one takes it if one can. Another
        takes it where that costs less than leaving it out.
    """
    groups = {job.id: number for number, job in enumerate(compiled.day.jobs)}
    keeper = Timekeeper(compiled.problem)
    for job, homes in jobs.items():
        group = groups[job]
        for way in _ways(compiled, rows, group, homes):
            if keeper.time(way.routes).solution is not None:
                rows = way.routes
                break
    return rows


def _ways(
    compiled: Compiled, rows: Sequence[Ints], group: int, homes: Collection[int]
) -> Iterator[Way]:
    """Back first, then the cheapest of those that are worth it."""
    ways = Everywhere(compiled.problem, rows).ways(group)
    yield from (way for way in ways if way.vehicle in homes)
    price = int(compiled.problem.unserved_price[group])
    yield from (way for way in ways[:1] if way.cost < price and way.vehicle not in homes)


class _Pruning:
    """First each route by itself, which is quick; then all together."""

    def __init__(
        self, compiled: Compiled, rows: Sequence[Ints], may_go: Mapping[str, Weight]
    ) -> None:
        self._compiled, self._rows, self._left = compiled, rows, dict(may_go)
        self._keeper = Timekeeper(compiled.problem)
        self._off: dict[str, str] = {}

    def done(self) -> Pruned:
        self._see_structure()
        for vehicle in range(len(self._rows)):
            self._see_alone(vehicle)
        while True:
            rows, timed = rested(self._compiled, self._rows)
            gone = None if timed.solution is not None else self._of_all(timed.violations)
            if gone is None:
                return Pruned(rows=rows, timed=timed, off=self._off)
            self._take_off(*gone)

    def _take_off(self, job: str, rule: Rule) -> None:
        del self._left[job]
        self._off[job] = rule.value
        self._rows = without(self._compiled, self._rows, {job})

    def _see_structure(self) -> None:
        """Whoever may not have a job, and crews and orders of which somebody is missing."""
        found = True
        while found:
            found = False
            for violation in self._keeper.time(self._rows).violations:
                job = self._job(violation.visit) if violation.visit != ABSENT else None
                if job in self._left and violation.rule is not Rule.LINK:
                    self._take_off(job, violation.rule)
                    found = True

    def _see_alone(self, vehicle: int) -> None:
        while (rule := self._keeper.alone(vehicle, self._rows[vehicle])) is not Rule.FINE:
            row = self._rows[vehicle]
            mended = next(filter(self._holds(vehicle), other_rests(self._compiled, row)), None)
            if mended is not None:
                self._rows = [*self._rows[:vehicle], mended, *self._rows[vehicle + 1 :]]
                return
            job = self._lightest(vehicle, row)
            if job is None:
                return
            self._take_off(job, rule)

    def _lightest(self, vehicle: int, row: Ints) -> str | None:
        """The lightest without which the route holds, or else its first part that does not."""
        holds = self._holds(vehicle)
        while True:
            jobs = sorted(self._jobs_on(row) & self._left.keys(), key=self._weight)
            for job in jobs:
                shorter = without(self._compiled, (row,), {job})[0]
                if holds(shorter) or any(map(holds, other_rests(self._compiled, shorter))):
                    return job
            last = np.flatnonzero(row < len(self._compiled.visits))[-1:]
            cut = np.delete(row, last)
            if not len(last) or holds(cut):  # so the last one broke it, whoever is before it
                own = self._job(int(row[last[0]])) if len(last) else None
                return own if own in self._left else next(iter(jobs), None)
            row = cut

    def _of_all(self, violations: Sequence[Violation]) -> tuple[str, Rule] | None:
        """Of those by which a rule is broken, one without which the fewest are."""
        for violation in violations:
            suspects = self._suspects(violation) & self._left.keys()
            best = min(((self._count(job), self._weight(job)) for job in suspects), default=None)
            if best is not None:
                return best[1][1], violation.rule
        return None

    def _suspects(self, violation: Violation) -> set[str]:
        """Jobs that may have to do with it."""
        if violation.visit != ABSENT:
            return {self._job(violation.visit)}
        if violation.vehicle != ABSENT:
            return self._jobs_on(self._rows[violation.vehicle])
        links = self._compiled.problem.links
        return {self._job(at) for at in {*links.before.tolist(), *links.after.tolist()}}

    def _count(self, job: str) -> int:
        """How often rules are broken without it."""
        return len(self._keeper.time(without(self._compiled, self._rows, {job})).violations)

    def _weight(self, job: str) -> tuple[Weight, str]:
        return self._left[job], job

    def _holds(self, vehicle: int) -> Callable[[Ints], bool]:
        return lambda row: self._keeper.alone(vehicle, row) is Rule.FINE

    def _jobs_on(self, row: Ints) -> set[str]:
        return {self._job(at) for at in row.tolist() if at < len(self._compiled.visits)}

    def _job(self, visit: int) -> str:
        return self._compiled.visits[visit].job.id
