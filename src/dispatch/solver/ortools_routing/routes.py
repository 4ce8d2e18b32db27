"""Routes as the library has them, and as we have them."""

from __future__ import annotations

from typing import Any

import numpy as np

from dispatch.solver.arrays import Ints
from dispatch.solver.ortools_routing.model import RoutingModel
from dispatch.solver.ortools_routing.times import TIME, leading_breaks


def read_routes(model: RoutingModel, breaks: list[Any], found: Any = None) -> list[Ints]:
    """The routes of a solution the library kept, or of the one it is at.

    Each break stands before the first visit that is ready no earlier than it starts.
    """
    time = model.routing.GetDimensionOrDie(TIME)
    owed = model.problem.breaks.vehicle
    leading = leading_breaks(model)
    routes = []
    for vehicle in range(model.problem.vehicle_count):
        timed: list[tuple[int, int, int]] = []
        index = _next(model, model.routing.Start(vehicle), found)
        while not model.routing.IsEnd(index):
            ready = _value(time.CumulVar(index), found)
            timed.append((ready, len(timed) + 1, model.manager.IndexToNode(index)))
            index = _next(model, index, found)
        if timed:
            for at in np.flatnonzero(owed == vehicle).tolist():
                kept = found is not None and at not in leading
                start = found.StartMin(breaks[at]) if kept else breaks[at].StartMin()
                timed.append((start, 0, model.problem.visit_count + at))
        routes.append(np.asarray([activity for _, _, activity in sorted(timed)], dtype=np.int64))
    return routes


def _next(model: RoutingModel, index: int, found: Any) -> int:
    return int(_value(model.routing.NextVar(index), found))


def _value(variable: Any, found: Any) -> int:
    return int(found.Min(variable) if found else variable.Min())


def start_assignment(model: RoutingModel) -> Any | None:
    """The model's start as the library has it; None without one or where the model refuses it."""
    if model.start is None:
        return None
    routes = [
        [model.index(activity) for activity in route.tolist() if activity < model.nodes.visits]
        for route in model.start.routes
    ]
    return model.routing.ReadAssignmentFromRoutes(routes, True)
