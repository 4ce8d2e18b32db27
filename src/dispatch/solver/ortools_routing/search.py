"""Guided local search over a closed model, watched solution by solution."""

from __future__ import annotations

from time import perf_counter
from typing import Any

from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from dispatch.solver.engine import Stop
from dispatch.solver.incumbent import Incumbent
from dispatch.solver.ortools_routing.model import RoutingModel
from dispatch.solver.ortools_routing.routes import read_routes

PAUSE = 4
"""So many times longer than reading a solution off took, the next ones are let pass; the cheapest
is read at the end in any case."""
TIMING_S = 1
"""For timing a neighbour. The default of 0.1 s is too short for large days, and then the whole
search ends; without a limit it runs past its time."""
FOREVER_S = 86_400


class Watch:
    """Called at each solution: offers it if it is the cheapest yet, and stops when told to."""

    def __init__(
        self, model: RoutingModel, breaks: list[Any], incumbent: Incumbent, stop: Stop
    ) -> None:
        self.solutions = 0
        self._model = model
        self._breaks = breaks
        self._incumbent = incumbent
        self._stop = stop
        self._cheapest = 2**63
        self._next_look = perf_counter()

    def __call__(self) -> None:
        """Look at the solution the library is at."""
        self.solutions += 1
        cost = self._model.routing.CostVar().Min()
        now = perf_counter()
        if cost < self._cheapest and now >= self._next_look:
            self._cheapest = cost
            self._incumbent.offer_routes(read_routes(self._model, self._breaks))
            self._next_look = perf_counter() + PAUSE * (perf_counter() - now)
        if self._incumbent.stopped or self._stop.called_off():
            self._model.solver.FinishCurrentSearch()


def search_parameters(stop: Stop) -> Any:
    """Parameters of the search; with a limit on solutions no clock steers it before the end."""
    solutions = stop.iterations
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    first = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    parameters.first_solution_strategy = first
    guided = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    parameters.local_search_metaheuristic = guided
    # Its linear programs move times to where prices are lowest; the exact timing does not, and
    # they overrun any limit.
    parameters.disable_scheduling_beware_this_may_degrade_performance = True
    limit_time(parameters, stop.seconds)
    parameters.lns_time_limit.FromSeconds(TIMING_S if solutions is None else FOREVER_S)
    if solutions is not None:
        parameters.solution_limit = max(1, solutions)
    return parameters


def limit_time(parameters: Any, seconds: float) -> None:
    """End the search after so long."""
    parameters.time_limit.FromMilliseconds(max(1, int(seconds * 1_000)))
