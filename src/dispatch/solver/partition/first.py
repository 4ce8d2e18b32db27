"""A first plan, made part by part: regret insertion takes longer than its parts together."""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter

import numpy as np

from dispatch.solver.arrays import Ints
from dispatch.solver.engine import Stop
from dispatch.solver.greedy import Greedy
from dispatch.solver.partition.cutting import Cutter, put_back
from dispatch.solver.problem import Problem
from dispatch.solver.solution import ABSENT, Solution
from dispatch.solver.timing import Timekeeper, time_routes

PART_VISITS = 400
"""Visits in a part, about: bigger ones take longer, smaller ones leave more out."""
SKILL = 6.0
"""The first cut is by skills above all, so that each part has what its visits ask for. What finds
no room in its part may find some in the second one, which is by place alone."""


def first_plan(
    problem: Problem,
    start: Solution,
    stop: Stop,
    *,
    seed: int = 0,
    cutter: Cutter | None = None,
) -> Solution:
    """``start`` with as much as fits of what it leaves out.

    Parameters
    ----------
    stop
        What is not placed by then stays out.
    """
    begin = perf_counter()
    cutter = cutter or Cutter(problem)
    rng = np.random.default_rng(seed)
    keeper = Timekeeper(problem)
    plan = start
    for skill in (SKILL, 0.0):
        routes: Sequence[Ints] = plan.routes
        count = max(1, round(problem.visit_count / PART_VISITS))
        for share in cutter.shares(plan, count, skill, rng):
            left_s = stop.seconds - (perf_counter() - begin)
            if left_s <= 0 or stop.called_off() or (plan.vehicle[share.visits] != ABSENT).all():
                continue
            part = cutter.part(plan, share)
            filled = _filled(part.problem, part.inside(plan.routes), stop.within(left_s))
            routes = put_back(routes, part.outside(filled))
        timed = keeper.time(routes).solution
        if timed is None or timed.cost >= plan.cost:
            break
        plan = timed
    return plan


def _filled(problem: Problem, routes: Sequence[Ints], stop: Stop) -> Sequence[Ints]:
    start = time_routes(problem, routes).solution
    if start is None:
        return routes
    found = Greedy().solve(problem, stop, initial=start).solution
    return routes if found is None else found.routes
