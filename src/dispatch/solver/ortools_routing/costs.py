"""What the routes of a model cost: ways, use, assignments, and what is left out."""

from __future__ import annotations

import numpy as np

from dispatch.solver.arrays import Ints
from dispatch.solver.ortools_routing.model import RoutingModel

ASSIGNMENT = "assignment"


def add_costs(model: RoutingModel) -> None:
    """Every price that does not depend on time."""
    _price_ways(model)
    _price_use(model)
    _price_assignments(model)
    _price_unserved(model)


def _price_ways(model: RoutingModel) -> None:
    vehicles = model.problem.vehicles
    matrix_of: dict[tuple[int, int, int], int] = {}
    keys = zip(
        vehicles.profile.tolist(),
        vehicles.travel_price.tolist(),
        vehicles.distance_price.tolist(),
        strict=True,
    )
    for vehicle, key in enumerate(keys):
        if key not in matrix_of:
            matrix = _way_prices(model, *key)
            matrix_of[key] = model.routing.RegisterTransitMatrix(matrix.tolist())
        model.routing.SetArcCostEvaluatorOfVehicle(matrix_of[key], vehicle)


def _way_prices(model: RoutingModel, profile: int, travel_price: int, distance_price: int) -> Ints:
    travel = model.problem.travel_s[profile] * travel_price
    distance = model.problem.distance_m[profile] * distance_price
    return model.prices.scaled(model.nodes.legs(travel + distance))


def _price_use(model: RoutingModel) -> None:
    for vehicle, price in enumerate(model.prices.scaled(model.problem.vehicles.use_price).tolist()):
        model.routing.SetFixedCostOfVehicle(price, vehicle)


def _price_assignments(model: RoutingModel) -> None:
    """A quantity that grows at each visit by the price of its vehicle; its end is paid."""
    prices = model.prices.scaled(model.problem.visits.assign_price + _certain_lateness(model))
    if not prices.any():
        return
    vector_of: dict[bytes, int] = {}
    evaluators = []
    for column in np.ascontiguousarray(prices.T):
        key = column.tobytes()
        if key not in vector_of:
            padded = model.nodes.padded(column).tolist()
            vector_of[key] = model.routing.RegisterUnaryTransitVector(padded)
        evaluators.append(vector_of[key])
    highest = int(prices.max(axis=1, initial=0).sum())
    capacities = [highest] * len(evaluators)
    model.routing.AddDimensionWithVehicleTransitAndCapacity(
        evaluators, 0, capacities, True, ASSIGNMENT
    )
    model.routing.GetDimensionOrDie(ASSIGNMENT).SetSpanCostCoefficientForAllVehicles(1)


def _certain_lateness(model: RoutingModel) -> Ints:
    """(visits, vehicles) what a visit pays for being overdue however early it starts."""
    visits = model.problem.visits
    late = visits.setup_s[:, None] + model.durations - visits.due_s[:, None]
    certain: Ints = np.maximum(late, 0) * visits.lateness_price[:, None]
    return certain


def _price_unserved(model: RoutingModel) -> None:
    """The visits of a group share its price; ties see to it that they are left out together."""
    groups = model.problem.visits.group
    sizes = np.bincount(groups, minlength=model.problem.group_count)
    shares = model.prices.scaled(model.problem.unserved_price // np.maximum(sizes, 1))
    for visit, group in enumerate(groups.tolist()):
        model.routing.AddDisjunction([model.index(visit)], int(shares[group]))
