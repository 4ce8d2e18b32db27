"""Guided local search over a closed model, watched solution by solution."""

from __future__ import annotations

from time import perf_counter
from typing import Any

from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from dispatch.solver.ortools_routing.incumbent import Incumbent
from dispatch.solver.ortools_routing.model import RoutingModel
from dispatch.solver.ortools_routing.routes import read_routes

LOOK_EVERY_S = 0.2
"""Reading routes off costs more than finding them; the last ones are read in any case."""
FOREVER_S = 86_400


class Watch:
    """Called at each solution: offers it if it is the cheapest yet, and stops when told to."""

    def __init__(self, model: RoutingModel, breaks: list[Any], incumbent: Incumbent) -> None:
        self.solutions = 0
        self._model = model
        self._breaks = breaks
        self._incumbent = incumbent
        self._cheapest = 2**63
        self._looked = perf_counter() - LOOK_EVERY_S

    def __call__(self) -> None:
        """Look at the solution the library is at."""
        self.solutions += 1
        cost = self._model.routing.CostVar().Min()
        if cost < self._cheapest and perf_counter() - self._looked >= LOOK_EVERY_S:
            self._cheapest = cost
            self._incumbent.offer_routes(read_routes(self._model, self._breaks))
            self._looked = perf_counter()
        if self._incumbent.stopped:
            self._model.solver.FinishCurrentSearch()


def search_parameters(seconds: float, solutions: int | None) -> Any:
    """Parameters of the search; a limit on solutions leaves no limit of time inside it."""
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    first = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    parameters.first_solution_strategy = first
    guided = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    parameters.local_search_metaheuristic = guided
    parameters.time_limit.FromMilliseconds(max(1, int(seconds * 1_000)))
    if solutions is not None:
        parameters.solution_limit = max(1, solutions)
        parameters.lns_time_limit.FromSeconds(FOREVER_S)
    return parameters
