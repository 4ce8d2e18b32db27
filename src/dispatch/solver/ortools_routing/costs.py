"""What the routes of a model cost: ways, use, assignments, and what is left out."""

from __future__ import annotations

import numpy as np

from dispatch.solver.arrays import Ints
from dispatch.solver.ortools_routing.model import RoutingModel
from dispatch.solver.ortools_routing.prices import HIGHEST_COST

ASSIGNMENT = "assignment"
WORK = "work"


def add_costs(model: RoutingModel) -> None:
    """Every price that does not depend on time."""
    visits = model.problem.visits
    prices = model.prices.scaled(visits.assign_price) + _certain_lateness(model) + _paid_work(model)
    least = np.where(visits.allowed, prices, HIGHEST_COST).min(axis=1, initial=HIGHEST_COST)
    least[~visits.allowed.any(axis=1)] = 0
    _price_ways(model, least)
    _price_assignments(model, np.where(visits.allowed, prices - least[:, None], 0))
    _price_use(model)
    _price_unfairness(model)
    _price_unserved(model)


def _price_ways(model: RoutingModel, least: Ints) -> None:
    """Ways, and with the way from each visit what anybody would be paid for it."""
    vehicles = model.problem.vehicles
    leaving = model.nodes.padded(least)[:, None]
    matrix_of: dict[tuple[int, int, int], int] = {}
    keys = zip(
        vehicles.profile.tolist(),
        model.prices.scaled(vehicles.travel_price + vehicles.time_price).tolist(),
        model.prices.scaled(vehicles.distance_price).tolist(),
        strict=True,
    )
    for vehicle, key in enumerate(keys):
        if key not in matrix_of:
            matrix = _way_prices(model, *key) + leaving
            matrix_of[key] = model.routing.RegisterTransitMatrix(matrix.tolist())
        model.routing.SetArcCostEvaluatorOfVehicle(matrix_of[key], vehicle)


def _way_prices(model: RoutingModel, profile: int, travel_price: int, distance_price: int) -> Ints:
    travel = model.problem.travel_s[profile].astype(np.int64) * travel_price
    distance = model.problem.distance_m[profile].astype(np.int64) * distance_price
    return model.nodes.legs(travel + distance)


def _price_use(model: RoutingModel) -> None:
    for vehicle, price in enumerate(model.prices.scaled(model.problem.vehicles.use_price).tolist()):
        model.routing.SetFixedCostOfVehicle(price, vehicle)


def _price_assignments(model: RoutingModel, prices: Ints) -> None:
    """What a vehicle is paid more than the cheapest: grows along its route; its end is paid.

    A visit that is left out needs a vehicle for which it grows by nothing, or 9.15 finds it
    infeasible.
    """
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
    highest = min(HIGHEST_COST, sum(prices.max(axis=1, initial=0).tolist()))
    capacities = [highest] * len(evaluators)
    model.routing.AddDimensionWithVehicleTransitAndCapacity(
        evaluators, 0, capacities, True, ASSIGNMENT
    )
    model.routing.GetDimensionOrDie(ASSIGNMENT).SetSpanCostCoefficientForAllVehicles(1)


def _price_unfairness(model: RoutingModel) -> None:
    """Work grows along a route; past the fair share it is paid for."""
    vehicles = model.problem.vehicles
    prices = model.prices.scaled(vehicles.unfairness_price).tolist()
    if not any(prices):
        return
    work = np.minimum(model.problem.visits.setup_s[:, None] + model.durations, model.horizon_s)
    evaluators = [
        model.routing.RegisterUnaryTransitVector(model.nodes.padded(column).tolist())
        for column in work.T
    ]
    most = int(work.max(axis=1, initial=0).sum())
    capacities = [most] * len(evaluators)
    model.routing.AddDimensionWithVehicleTransitAndCapacity(evaluators, 0, capacities, True, WORK)
    dimension = model.routing.GetDimensionOrDie(WORK)
    for vehicle, price in enumerate(prices):
        share = int(vehicles.fair_share_s[vehicle])
        if price and share < most:
            dimension.SetCumulVarSoftUpperBound(model.routing.End(vehicle), share, price)


def _paid_work(model: RoutingModel) -> Ints:
    """(visits, vehicles) the vehicle's time: on the way it is paid with travel, waiting is free."""
    occupied = model.problem.visits.setup_s[:, None] + model.durations
    price = model.prices.scaled(model.problem.vehicles.time_price)
    paid: Ints = np.minimum(occupied, model.horizon_s) * price
    return paid


def _certain_lateness(model: RoutingModel) -> Ints:
    """(visits, vehicles) what a visit pays for being overdue however early it starts."""
    visits = model.problem.visits
    late = visits.setup_s[:, None] + model.durations - visits.due_s[:, None]
    price = model.prices.scaled(visits.lateness_price)[:, None]
    certain: Ints = np.clip(late, 0, model.horizon_s) * price
    return certain


def _price_unserved(model: RoutingModel) -> None:
    """The visits of a group share its price; ties see to it that they are left out together."""
    groups = model.problem.visits.group
    sizes = np.bincount(groups, minlength=model.problem.group_count)
    shares = model.prices.scaled(model.problem.unserved_price // np.maximum(sizes, 1))
    for visit, group in enumerate(groups.tolist()):
        model.routing.AddDisjunction([model.index(visit)], int(shares[group]))
