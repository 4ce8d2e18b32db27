"""The cost of an insertion at every position, against timing the plan with it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from tests.solver.drawn import problems
from tests.solver.small import Call, Small, Tie, Van

from dispatch.solver.engine import Stop
from dispatch.solver.everywhere import IMPOSSIBLE, Everywhere
from dispatch.solver.greedy import Greedy
from dispatch.solver.problem import Problem
from dispatch.solver.solution import CostPart, Solution
from dispatch.solver.timing import time_routes


def plan_without(problem: Problem, left_out: set[int]) -> Solution:
    """A plan that holds in which some groups, and all that depend on them, are not served."""
    full = Greedy().solve(problem, Stop(seconds=3_600)).solution
    assert full is not None
    gone = {
        visit for visit in range(problem.visit_count) if problem.visits.group[visit] in left_out
    }
    for _ in range(problem.visit_count):
        for before, after in zip(problem.links.before, problem.links.after, strict=True):
            if before in gone:
                group = problem.visits.group[after]
                gone |= set(np.flatnonzero(problem.visits.group == group).tolist())
    rows = [[a for a in row.tolist() if a not in gone] for row in full.routes]
    kept = time_routes(problem, rows).solution
    if kept is None:  # without what came before, a break may come too early
        kept = time_routes(problem, [[] for _ in rows]).solution
    assert kept is not None
    return kept


def served_cost(solution: Solution) -> int:
    return solution.cost - int(solution.costs[CostPart.UNSERVED])


def expected(
    problem: Problem, plan: Solution, rows: tuple[np.ndarray, ...], visit: int
) -> list[list[int]]:
    """Time the whole plan for every position."""
    table = []
    for vehicle, row in enumerate(rows):
        costs = []
        for position in range(len(row) + 1):
            routes = list(plan.routes)
            routes[vehicle] = np.insert(row, position, visit)
            timed = time_routes(problem, routes).solution
            costs.append(IMPOSSIBLE if timed is None else served_cost(timed) - served_cost(plan))
        table.append(costs)
    return table


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(problems(), st.data())
def test_every_cost_is_that_of_the_plan_with_the_visit_in_it(
    small: Small, data: st.DataObject
) -> None:
    problem = small.problem()
    group = data.draw(st.integers(0, problem.group_count - 1))
    plan = plan_without(problem, {group})
    ready = Everywhere(problem, plan.routes)
    for visit in np.flatnonzero(plan.vehicle < 0).tolist():
        costs = ready.costs(visit)
        table = expected(problem, plan, ready.rows, visit)
        for vehicle, row in enumerate(table):
            assert costs[vehicle, : len(row)].tolist() == row, (visit, vehicle)
            assert (costs[vehicle, len(row) :] == IMPOSSIBLE).all()
        event(f"possible: {bool((costs < IMPOSSIBLE).any())}")


def test_what_follows_in_other_routes_is_paid_too() -> None:
    """A crew in step: the second technician is there at 110 s, and waits for the first."""
    small = Small(
        positions=(0, 100, 200),
        vans=(Van(time_price=1), Van(time_price=1)),
        calls=(
            Call(place=1, group=0, only=(0,)),
            Call(place=1, group=0, only=(1,)),
            Call(place=1, group=1, only=(0,), duration=50),
            Call(place=1, group=2, only=(1,), windows=[(0, 100)]),
        ),
        ties=(Tie(before=0, after=1),),
    )
    costs = Everywhere(small.problem(), [[0], [3, 1]]).costs(2)
    assert costs[0, :2].tolist() == [50 + 40, 50]
    assert (costs[1] == IMPOSSIBLE).all()


def test_routes_that_break_a_rule_are_refused() -> None:
    problem = Small(positions=(0, 1), calls=(Call(place=1, windows=[(0, 0)]),)).problem()
    with pytest.raises(ValueError, match="break a rule"):
        Everywhere(problem, [[0]])
