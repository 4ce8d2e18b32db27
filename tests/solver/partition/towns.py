"""A day in several towns, too big for one part of the tests' size."""

from __future__ import annotations

import numpy as np
from tests.solver.small import Call, Pause, Small, Tie, Van

from dispatch.solver.problem import Problem
from dispatch.solver.solution import Solution
from dispatch.solver.timing import time_routes

TOWN_M, TOWNS = 400, 4
CALLS, VANS = 60, 8


def towns(seed: int = 1) -> Problem:
    """Eight vans with breaks and two skills, sixty calls of which some are tied."""
    rng = np.random.default_rng(seed)
    positions = [int(town * TOWN_M + rng.integers(0, 100)) for town in range(TOWNS) for _ in "1234"]
    return Small(
        positions=positions,
        vans=[
            Van(start=2 * van, end=2 * van, use_price=500, time_price=1, latest=14_000)
            for van in range(VANS)
        ],
        calls=[
            Call(
                place=int(rng.integers(len(positions))),
                duration=int(rng.integers(100, 400)),
                only=range(at % 2, VANS, 2) if at % 3 else None,
                due=int(rng.integers(3_000, 9_000)),
                lateness_price=2,
            )
            for at in range(CALLS)
        ],
        ties=[Tie(before=at, after=at + 1, low=0, high=4_000) for at in range(0, 12, 4)],
        pauses=[Pause(van=van, earliest=3_000, latest=5_000, duration=600) for van in range(VANS)],
        unserved=40_000,
        worst_lateness_price=3,
    ).problem()


def nothing(problem: Problem) -> Solution:
    """The plan that serves nobody."""
    found = time_routes(problem, [[]] * problem.vehicle_count).solution
    assert found is not None
    return found
