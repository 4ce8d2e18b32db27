"""The library's model of a problem, put together from its parts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from ortools.constraint_solver import pywrapcp

from dispatch.solver.arrays import Ints
from dispatch.solver.ortools_routing.classes import model_durations
from dispatch.solver.ortools_routing.nodes import Nodes
from dispatch.solver.ortools_routing.prices import Prices, horizon
from dispatch.solver.problem import Problem
from dispatch.solver.solution import ABSENT, Solution


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RoutingModel:
    """An open model: the parts add to it, then it is closed by the first search.

    The library ships no types, so what it makes is ``Any``.
    """

    problem: Problem
    nodes: Nodes
    prices: Prices
    horizon_s: int
    durations: Ints
    """(visits, vehicles) as the model knows them, see ``model_durations``"""
    sure_setup_s: Ints
    """(visits,) the set-up that times count on: none where the start does without"""
    start: Solution | None
    """The plan that the model must hold."""
    manager: Any
    routing: Any

    @classmethod
    def of(cls, problem: Problem, start: Solution | None = None) -> RoutingModel:
        """A model with visits and vehicles, and nothing said about them yet."""
        nodes = Nodes.of(problem)
        horizon_s = horizon(problem)
        manager = pywrapcp.RoutingIndexManager(
            nodes.count, problem.vehicle_count, nodes.start, nodes.end
        )
        return cls(
            problem=problem,
            nodes=nodes,
            prices=Prices.of(problem, horizon_s),
            horizon_s=horizon_s,
            durations=model_durations(problem, nodes.count, start),
            sure_setup_s=_sure_setups(problem, start),
            start=start,
            manager=manager,
            routing=pywrapcp.RoutingModel(manager),
        )

    @property
    def solver(self) -> Any:
        """The constraint solver below the routing."""
        return self.routing.solver()

    def index(self, visit: int) -> int:
        """What the library calls a visit."""
        return int(self.manager.NodeToIndex(visit))

    def vehicle(self, visit: int) -> Any:
        """The variable that holds a visit's vehicle, or -1."""
        return self.routing.VehicleVar(self.index(visit))

    def active(self, visit: int) -> Any:
        """The variable that tells whether a visit is served."""
        return self.routing.ActiveVar(self.index(visit))


def _sure_setups(problem: Problem, start: Solution | None) -> Ints:
    visits = problem.visits
    if start is None:
        return visits.setup_s
    served = np.flatnonzero(start.vehicle != ABSENT)
    occupied = (start.end_s - start.start_s)[served]
    skipped = served[occupied <= visits.duration_s[served, start.vehicle[served]]]
    sure = visits.setup_s.copy()
    sure[skipped] = 0
    return sure
