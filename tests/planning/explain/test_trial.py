"""The plain walk along a route beside the kernels that time all routes."""

from __future__ import annotations

import numpy as np
from hypothesis import HealthCheck, given, settings
from tests.planning.drawn import busy_days
from tests.planning.made import Board

from dispatch.domain.day import Day
from dispatch.planning.compile import compile_day
from dispatch.planning.decode import decode
from dispatch.planning.explain.crews import cost_of_crew
from dispatch.planning.explain.routes import Routes
from dispatch.solver.engine import Stop
from dispatch.solver.greedy import Greedy
from dispatch.solver.solution import ABSENT, CostPart, Solution
from dispatch.solver.timing import time_routes

WHOLE_PLAN = [CostPart.WORST_LATENESS, CostPart.UNSERVED]


def solved(drawn: Day) -> tuple[Routes, Solution]:
    compiled = compile_day(drawn, Board())
    result = Greedy().solve(compiled.problem, Stop(seconds=60))
    assert result.solution is not None
    return Routes.of(compiled, decode(compiled, result)), result.solution


def route_cost(solution: Solution) -> int:
    """Without what belongs to no route."""
    return solution.cost - int(solution.costs[WHOLE_PLAN].sum())


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(busy_days())
def test_a_walk_costs_what_the_kernels_say(drawn: Day) -> None:
    routes, solution = solved(drawn)
    assert sum(routes.costs) == route_cost(solution)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(busy_days())
def test_a_free_visit_fits_where_the_kernels_say_and_for_as_much(drawn: Day) -> None:
    routes, solution = solved(drawn)
    problem = routes.compiled.problem
    if len(problem.links.before):
        return
    for visit in np.flatnonzero(solution.vehicle == ABSENT):
        for vehicle in np.flatnonzero(problem.visits.allowed[visit]):
            costs = [
                route_cost(timed.solution) - route_cost(solution)
                for at in range(len(routes.rows[vehicle]) + 1)
                if (timed := time_routes(problem, with_visit(routes, vehicle, at, visit))).solution
            ]
            trial = routes.best(int(visit), int(vehicle))
            assert (trial.miss is None) == bool(costs)
            assert not costs or trial.cost == min(costs)


def with_visit(routes: Routes, vehicle: int, at: int, visit: int) -> list[tuple[int, ...]]:
    rows = list(routes.rows)
    rows[vehicle] = (*rows[vehicle][:at], int(visit), *rows[vehicle][at:])
    return rows


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(busy_days())
def test_a_crew_that_can_be_placed_costs_more_than_it_is_worth(drawn: Day) -> None:
    """Else the solver would have placed it."""
    routes, solution = solved(drawn)
    problem = routes.compiled.problem
    for group in np.unique(problem.visits.group[solution.vehicle == ABSENT]):
        if np.count_nonzero(problem.visits.group == group) > 1:
            cost = cost_of_crew(routes, int(group))
            assert cost is None or cost > 0
