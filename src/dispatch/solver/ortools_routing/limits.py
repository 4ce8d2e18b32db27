"""What a vehicle may serve and carry, and in which order."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dispatch.solver.arrays import NEVER, Ints
from dispatch.solver.ortools_routing.model import RoutingModel


def add_limits(model: RoutingModel) -> None:
    """Skills, capacity, most visits, longest travel, order pins."""
    _allow(model)
    _limit_loads(model)
    _limit_visits(model)
    _limit_travel(model)
    _keep_ranks(model)


def _allow(model: RoutingModel) -> None:
    # SetAllowedVehiclesForIndex raises TypeError in 9.15; and without -1 a visit must be served.
    for visit, allowed in enumerate(model.problem.visits.allowed):
        if not allowed.all():
            model.vehicle(visit).SetValues([-1, *np.flatnonzero(allowed).tolist()])


def _limit_loads(model: RoutingModel) -> None:
    loads, capacities = model.problem.visits.load, model.problem.vehicles.capacity
    for dimension in range(loads.shape[1]):
        _limit(model, f"load-{dimension}", loads[:, dimension], capacities[:, dimension])


def _limit_visits(model: RoutingModel) -> None:
    ones = np.ones(model.problem.visit_count, dtype=np.int64)
    _limit(model, "visits", ones, model.problem.vehicles.max_visits)


def _limit(model: RoutingModel, name: str, amounts: Ints, capacities: Ints) -> None:
    if int(amounts.sum()) > int(capacities.min(initial=NEVER)):
        evaluator = model.routing.RegisterUnaryTransitVector(model.nodes.padded(amounts).tolist())
        _add_dimension(model, name, [evaluator] * len(capacities), capacities)


def _limit_travel(model: RoutingModel) -> None:
    vehicles = model.problem.vehicles
    if (vehicles.max_travel_s >= NEVER).all():
        return
    matrix_of = {
        profile: model.routing.RegisterTransitMatrix(
            model.nodes.legs(model.problem.travel_s[profile]).tolist()
        )
        for profile in set(vehicles.profile.tolist())
    }
    evaluators = [matrix_of[profile] for profile in vehicles.profile.tolist()]
    _add_dimension(model, "travel", evaluators, vehicles.max_travel_s)


def _add_dimension(
    model: RoutingModel, name: str, evaluators: Sequence[int], capacities: Ints
) -> None:
    model.routing.AddDimensionWithVehicleTransitAndCapacity(
        evaluators, 0, capacities.tolist(), True, name
    )


def _keep_ranks(model: RoutingModel) -> None:
    """A quantity that only grows along a route, and is its rank at each visit that has one."""
    ranks = model.problem.visits.rank
    levels = np.unique(ranks[ranks >= 0])
    if len(levels) < 2:
        return
    top = len(levels) - 1
    still = model.routing.RegisterUnaryTransitVector([0] * model.nodes.count)
    model.routing.AddDimension(still, top, top, False, "rank")
    dimension = model.routing.GetDimensionOrDie("rank")
    for visit in np.flatnonzero(ranks >= 0).tolist():
        level = int(np.searchsorted(levels, ranks[visit]))
        dimension.CumulVar(model.index(visit)).SetRange(level, level)
