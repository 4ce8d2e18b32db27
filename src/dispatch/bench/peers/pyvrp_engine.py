"""PyVRP, an iterated local search in C++, as an engine.

Wouda, Lan, Kool, *PyVRP: a high-performance VRP solver package*, INFORMS Journal on Computing
36(4), 2024, doi 10.1287/ijoc.2023.0055.
"""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter
from typing import Any

import numpy as np
import pyvrp
from pyvrp.stop import MaxIterations, MaxRuntime, MultipleCriteria, StoppingCriterion

from dispatch.bench.features import Feature, must_serve
from dispatch.bench.peers.answer import answer, cannot
from dispatch.solver.arrays import NEVER, Bools, Ints
from dispatch.solver.engine import Report, Result, Stop
from dispatch.solver.problem import Problem
from dispatch.solver.solution import Solution

EXPRESSES = frozenset(
    {Feature.SKILLS, Feature.OPTIONAL, Feature.LONGEST_ROUTE, Feature.SEVERAL_SHIFTS}
)

FORBIDDEN = 10**11
"""Distance to a customer whom the vehicle may not serve. With a higher one (its own reader takes
2^44) the penalties overflow and the search never leaves its first descent."""


class PyvrpEngine:
    """Vehicles that are alike form a type; a type has a profile of whom it may serve."""

    name = "pyvrp"

    def solve(
        self,
        problem: Problem,
        stop: Stop,
        *,
        seed: int,
        initial: Solution | None = None,  # noqa: ARG002  # a peer makes its own start
        report: Report | None = None,  # noqa: ARG002  # only its end is known to be feasible
    ) -> Result:
        """Solve from its own start; nothing is reported before the end."""
        refusal = cannot(problem, EXPRESSES)
        if refusal is not None:
            return refusal
        begun = perf_counter()
        types = _types(problem)
        limits: list[StoppingCriterion] = [MaxRuntime(stop.seconds)]
        if stop.iterations is not None:
            limits.append(MaxIterations(stop.iterations))
        found = pyvrp.solve(
            _data(problem, types),
            MultipleCriteria(limits),
            seed=seed,
            collect_stats=False,
            display=False,
        )
        routes = _routes(problem, types, found.best) if found.best.is_feasible() else None
        return answer(
            problem,
            routes,
            seconds=perf_counter() - begun,
            iterations=found.num_iterations,
        )


def _types(problem: Problem) -> list[list[int]]:
    """The vehicles of each type: alike in everything that the model says."""
    vehicles, allowed = problem.vehicles, problem.visits.allowed
    alike: dict[bytes, list[int]] = {}
    for vehicle in range(problem.vehicle_count):
        numbers = (
            vehicles.start_place[vehicle],
            vehicles.end_place[vehicle],
            vehicles.earliest_s[vehicle],
            vehicles.latest_s[vehicle],
            vehicles.max_duration_s[vehicle],
            *vehicles.capacity[vehicle],
        )
        key = np.array(numbers, dtype=np.int64).tobytes() + allowed[:, vehicle].tobytes()
        alike.setdefault(key, []).append(vehicle)
    return list(alike.values())


def _data(problem: Problem, types: Sequence[Sequence[int]]) -> pyvrp.ProblemData:
    vehicles = problem.vehicles
    places = np.union1d(vehicles.start_place, vehicles.end_place).tolist()
    patterns = {problem.visits.allowed[:, alike[0]].tobytes(): alike[0] for alike in types}
    profile = {pattern: index for index, pattern in enumerate(patterns)}
    barred: list[Any] = [  # its stubs ask for a kind of array that does not exist
        _distance(problem, problem.visits.allowed[:, vehicle]) for vehicle in patterns.values()
    ]
    return pyvrp.ProblemData(
        locations=[pyvrp.Location(0, 0) for _ in range(problem.places)],
        clients=_clients(problem),
        depots=[pyvrp.Depot(place) for place in places],
        vehicle_types=[
            pyvrp.VehicleType(
                num_available=len(alike),
                capacity=vehicles.capacity[alike[0]].tolist(),
                start_depot=places.index(vehicles.start_place[alike[0]]),
                end_depot=places.index(vehicles.end_place[alike[0]]),
                tw_early=int(vehicles.earliest_s[alike[0]]),
                tw_late=int(vehicles.latest_s[alike[0]]),
                shift_duration=_limit(int(vehicles.max_duration_s[alike[0]])),
                profile=profile[problem.visits.allowed[:, alike[0]].tobytes()],
            )
            for alike in types
        ],
        distance_matrices=barred,
        duration_matrices=[problem.travel_s[0].astype(np.int64)] * len(patterns),
    )


def _clients(problem: Problem) -> list[pyvrp.Client]:
    visits, serve = problem.visits, must_serve(problem)
    return [
        pyvrp.Client(
            location=int(visits.place[visit]),
            delivery=visits.load[visit].tolist(),
            service_duration=int(visits.duration_s[visit, 0]),
            tw_early=int(visits.windows.start_s[visit]),
            tw_late=int(visits.windows.end_s[visit]),
            prize=0 if serve[visit] else int(problem.unserved_price[visit]),
            required=bool(serve[visit]),
        )
        for visit in range(problem.visit_count)
    ]


def _distance(problem: Problem, allowed: Bools) -> Ints:
    distance: Ints = problem.travel_s[0].astype(np.int64)
    barred = problem.visits.place[~allowed]
    distance[:, barred] = FORBIDDEN
    distance[barred, barred] = 0
    return distance


def _limit(seconds: int) -> int:
    return np.iinfo(np.int64).max if seconds >= NEVER else seconds


def _routes(
    problem: Problem, types: Sequence[Sequence[int]], best: pyvrp.Solution
) -> list[list[int]]:
    """Visits by vehicle: the routes of a type go to its vehicles in turn."""
    free = [list(reversed(alike)) for alike in types]
    routes: list[list[int]] = [[] for _ in range(problem.vehicle_count)]
    for route in best.routes():
        vehicle = free[route.vehicle_type()].pop()
        routes[vehicle] = [activity.idx for activity in route if activity.is_client()]
    return routes
