"""Travel at the fastest speed of any hour: what no way ever takes less than."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from dispatch.solver.arrays import AnyInts
from dispatch.solver.problem import USUAL_PERCENT, Problem, Speeds, same_all_day
from dispatch.solver.problem_checks import FASTEST_M_PER_S


def quickest_s(travel_s: AnyInts, speeds: Speeds) -> AnyInts:
    """(profiles, places, places) seconds; the matrix itself where no hour is faster than usual."""
    fastest = np.full(len(travel_s), USUAL_PERCENT)
    np.maximum.at(fastest, speeds.profile, speeds.percent)
    if (fastest == USUAL_PERCENT).all():
        return travel_s
    quickest: AnyInts = -(-travel_s.astype(np.int64) * USUAL_PERCENT // fastest[:, None, None])
    return quickest


def at_any_hour(problem: Problem) -> Problem:
    """The same with travel as quick as at the fastest hour all day: no plan costs more there."""
    if not len(problem.speeds.from_s):
        return problem
    quickest = quickest_s(problem.travel_s, problem.speeds)
    # What would be faster than any vehicle is may as well be shorter: that only costs less.
    longest = np.floor(FASTEST_M_PER_S * (quickest + 1.0)).astype(np.int64)
    distance = np.minimum(problem.distance_m, longest)
    return replace(problem, travel_s=quickest, distance_m=distance, speeds=same_all_day())
