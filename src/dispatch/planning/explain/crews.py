"""Whether a whole crew could still be placed: the solver's own insertion is asked."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from dispatch.planning.explain.routes import Routes
from dispatch.solver.arrays import HIGHEST_PRICE
from dispatch.solver.engine import Stop
from dispatch.solver.greedy import Greedy
from dispatch.solver.problem import Problem
from dispatch.solver.solution import CostPart, Solution
from dispatch.solver.timing import time_routes

LONGEST_S = 5.0


def cost_of_crew(routes: Routes, group: int) -> int | None:
    """What placing all visits of a job together adds, in cost units; None if no way was found."""
    problem = _wanting(routes, group)
    timed = time_routes(problem, routes.rows)
    if timed.solution is None:
        return None
    found = Greedy().solve(problem, Stop(seconds=LONGEST_S), initial=timed.solution).solution
    first = int(np.flatnonzero(problem.visits.group == group)[0])
    if found is None or found.vehicle[first] < 0:
        return None
    return _served_cost(found) - _served_cost(timed.solution)


def _wanting(routes: Routes, group: int) -> Problem:
    """The same problem in which of all the jobs left out only this one may be placed."""
    problem = routes.compiled.problem
    groups = problem.visits.group
    served = np.zeros(problem.group_count, dtype=np.bool_)
    served[groups[list(routes.times)]] = True
    served[group] = True
    prices = problem.unserved_price.copy()
    prices[group] = HIGHEST_PRICE
    allowed = problem.visits.allowed & served[groups][:, np.newaxis]
    visits = replace(problem.visits, allowed=allowed)
    return replace(problem, visits=visits, unserved_price=prices)


def _served_cost(solution: Solution) -> int:
    return solution.cost - int(solution.costs[CostPart.UNSERVED])
