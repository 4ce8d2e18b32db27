"""How much effort a lower bound gets, and of which kind."""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter

import numpy as np

from dispatch.solver.arrays import AnyInts
from dispatch.solver.bounds.ascent import Ascent
from dispatch.solver.bounds.knapsack import Shift, shifts_of
from dispatch.solver.bounds.pairs import pairs_of
from dispatch.solver.bounds.walks import MOST_STEPS, Walks, least_work, walks_of
from dispatch.solver.kernels.model import model_of
from dispatch.solver.problem import Problem
from dispatch.solver.quickest import at_any_hour
from dispatch.solver.vehicle_classes import vehicle_classes

WORK_PER_S = 200_000_000
"""Arrivals that a slow core looks at in a second: effort is counted, so that a bound repeats."""
WORK_OF_KNAPSACK, WORK_OF_CANDIDATE = 20_000, 30
"""What a knapsack counts as."""
SHARE_OF_KNAPSACKS = 0.25
"""Of the time, to come near."""
ROUNDS = 300
"""Of each kind; more gain little."""
FEWEST_ROUNDS = 4
"""Fewer walks than this are no better than knapsacks."""


def lower_bound(problem: Problem, seconds: float = 10.0) -> int:
    """No plan costs less, in cost units. It may be weak; it is never wrong.

    Parameters
    ----------
    seconds
        What it may take. Work is counted, not timed, so that the same problem has the same bound;
        a clock ends it only where the machine is slower than thought.
    """
    if problem.visit_count == 0 or not _sums_fit(problem):
        return 0
    problem = at_any_hour(problem)
    _, first, counts = np.unique(vehicle_classes(problem), return_index=True, return_counts=True)
    pairs = pairs_of(problem, first)
    shifts = shifts_of(problem, pairs)
    ascent = Ascent(problem, counts, pairs)
    most_work = seconds * WORK_PER_S / FEWEST_ROUNDS
    if sum(map(least_work, shifts)) > most_work:
        _climb(ascent, shifts, seconds)
        return ascent.best
    _climb(ascent, shifts, SHARE_OF_KNAPSACKS * seconds)
    walks = _walks(problem, shifts, first.tolist())
    if sum(map(_work, walks)) <= most_work:
        ascent.restart()
        _climb(ascent, walks, (1 - SHARE_OF_KNAPSACKS) * seconds)
    return ascent.best


def _climb(ascent: Ascent, vehicles: Sequence[Shift | Walks], seconds: float) -> None:
    """Some rounds; the clock starts after the first, which may have to compile kernels."""
    work = sum(map(_work, vehicles))
    ascent.round(vehicles)
    end = perf_counter() + seconds
    for _ in range(min(ROUNDS, int(seconds * WORK_PER_S / max(1, work))) - 1):
        if ascent.settled or perf_counter() > end:
            return
        ascent.round(vehicles)


def _walks(problem: Problem, shifts: list[Shift], vehicles: list[int]) -> list[Shift | Walks]:
    """Walks where a vehicle can be searched so."""
    model = model_of(problem)
    return [
        walks_of(problem, model, vehicle, shift) or shift
        for vehicle, shift in zip(vehicles, shifts, strict=True)
    ]


def _work(vehicle: Shift | Walks) -> int:
    if isinstance(vehicle, Walks):
        return vehicle.work
    return WORK_OF_KNAPSACK + WORK_OF_CANDIDATE * len(vehicle.candidates)


def _sums_fit(problem: Problem) -> bool:
    """Whether no sum of prices can leave int64, not even along a walk that goes round."""
    shift, visits = problem.vehicles, problem.visits
    horizon_s = _most(shift.latest_s)
    leg_s = _most(problem.travel_s) + _most(visits.setup_s) + _most(visits.duration_s)
    leg = (
        (_most(shift.travel_price) + _most(shift.time_price)) * leg_s
        + _most(shift.distance_price) * _most(problem.distance_m)
        + (_most(visits.lateness_price) + _most(visits.preferred_price)) * horizon_s
        + _most(visits.assign_price)
        + _most(problem.unserved_price)
    )
    breaks_s = sum(problem.breaks.duration_s.tolist())
    ends = _most(shift.use_price) + _most(shift.overtime_price) * horizon_s
    ends += _most(shift.time_price) * breaks_s + sum(problem.unserved_price.tolist())
    return bool(leg * (MOST_STEPS + 2) + ends < 2**62)


def _most(values: AnyInts) -> int:
    return int(values.max(initial=0))
