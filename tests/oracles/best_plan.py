"""The cheapest plan of a tiny problem, and the dearest, by trying them all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import permutations, product

from dispatch.solver.problem import Problem
from dispatch.solver.solution import Solution
from dispatch.solver.timing import time_routes


def best_plan(problem: Problem) -> Solution:
    """Of every way to share out the visits, every order, and every position of the breaks."""
    return min(_all_plans(problem), key=lambda plan: plan.cost)


def worst_plan(problem: Problem) -> Solution:
    """The dearest of those that serve as many visits as any."""
    return max(_all_plans(problem), key=lambda plan: (-plan.unserved_visits, plan.cost))


def _all_plans(problem: Problem) -> Iterator[Solution]:
    for routes in _all_routes(problem):
        plan = time_routes(problem, routes).solution
        if plan is not None:
            yield plan


def _all_routes(problem: Problem) -> Iterator[Sequence[Sequence[int]]]:
    choices = [[-1, *allowed.nonzero()[0].tolist()] for allowed in problem.visits.allowed]
    for vehicle_of in product(*choices):
        yield from product(
            *(
                list(_orders(problem, vehicle, vehicle_of))
                for vehicle in range(problem.vehicle_count)
            )
        )


def _orders(problem: Problem, vehicle: int, vehicle_of: Sequence[int]) -> Iterator[list[int]]:
    mine = [visit for visit, at in enumerate(vehicle_of) if at == vehicle]
    owed = (problem.breaks.vehicle == vehicle).nonzero()[0] + problem.visit_count
    breaks = owed.tolist() if mine else []
    for order in permutations(mine + breaks):
        if [activity for activity in order if activity >= problem.visit_count] == breaks:
            yield list(order)
