"""Routes that break a rule: the least is taken off that has to go, and finds another place."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from dispatch.planning.compile import Compiled
from dispatch.planning.rests import rested
from dispatch.solver.arrays import Ints
from dispatch.solver.everywhere import Everywhere, Way
from dispatch.solver.solution import ABSENT
from dispatch.solver.timing import Timed, Timekeeper, Violation

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
    keeper = Timekeeper(compiled.problem)
    off: dict[str, str] = {}
    while True:
        rows, timed = rested(compiled, rows)
        if timed.solution is not None:
            break
        left = {job: weight for job, weight in may_go.items() if job not in off}
        found = _one_to_go(compiled, keeper, rows, timed.violations, left)
        if found is None:
            break
        job, violation = found
        off[job] = violation.rule.value
        rows = without(compiled, rows, {job})
    return Pruned(rows=rows, timed=timed, off=off)


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


def _one_to_go(
    compiled: Compiled,
    keeper: Timekeeper,
    rows: Sequence[Ints],
    violations: Sequence[Violation],
    may_go: Mapping[str, Weight],
) -> tuple[str, Violation] | None:
    """Of those by which a rule is broken, one without which the fewest are; and for which rule."""
    for violation in violations:
        best = min(
            (
                (_count(keeper, without(compiled, rows, {job}), violation), may_go[job], job)
                for job in _suspects(compiled, rows, violation)
                if job in may_go
            ),
            default=None,
        )
        if best is not None:
            return best[-1], violation
    return None


def _suspects(compiled: Compiled, rows: Sequence[Ints], violation: Violation) -> Collection[str]:
    """Jobs that may have to do with it."""
    if violation.visit != ABSENT:
        return {compiled.visits[violation.visit].job.id}
    here = rows if violation.vehicle == ABSENT else rows[violation.vehicle : violation.vehicle + 1]
    count = len(compiled.visits)
    return {compiled.visits[at].job.id for row in here for at in row.tolist() if at < count}


def _count(keeper: Timekeeper, rows: Sequence[Ints], violation: Violation) -> int:
    """How often rules are broken there."""
    found = keeper.time(rows).violations
    return sum(violation.vehicle in (ABSENT, other.vehicle) for other in found)
