"""What a plan costs whatever its times are: ways, fees, vehicles used, and time at work.

A second between leaving and being back costs the same at work, on the way and idle. The first two
are priced here, so that most moves are refused before anything is timed.
"""

from __future__ import annotations

from dispatch.solver.arrays import Ints
from dispatch.solver.kernels.columns import (
    ASSIGN_PRICE,
    DISTANCE_PRICE,
    DURATION,
    PROFILE,
    SETUP,
    TIME_PRICE,
    TRAVEL_PRICE,
    USE_PRICE,
)
from dispatch.solver.kernels.compiled import inlined, kernel
from dispatch.solver.kernels.model import Model
from dispatch.solver.kernels.moves.columns import NEXT, PREVIOUS, WHERE
from dispatch.solver.kernels.moves.plan import Plan


@inlined
def visit_before(plan: Plan, visits: int, node: int) -> int:
    """``node``, or where it is a break the visit or start before it."""
    starts = len(plan.nodes) - 2 * len(plan.routes)
    while visits <= node < starts:
        node = plan.nodes[node, PREVIOUS]
    return node


@inlined
def visit_after(plan: Plan, visits: int, node: int) -> int:
    """``node``, or where it is a break the visit or end after it."""
    starts = len(plan.nodes) - 2 * len(plan.routes)
    while visits <= node < starts:
        node = plan.nodes[node, NEXT]
    return node


@inlined
def leg(model: Model, nodes: Ints, vehicle: int, origin: int, target: int) -> tuple[int, int, int]:
    """Price, seconds of travel, and seconds of travel and set-up from one visit to the next.

    ``origin`` may be the start of a route and ``target`` its end, but neither a break.
    """
    visits = len(model.load)
    leaving, returning = origin >= visits, target >= visits
    if leaving and returning:
        return 0, 0, 0
    fleet = model.fleet
    here, there = nodes[origin, WHERE], nodes[target, WHERE]
    travel = busy = price = 0
    if here >= 0 and there >= 0:
        travel = model.travel_s[fleet[vehicle, PROFILE], here, there]
        if fleet[vehicle, DISTANCE_PRICE] > 0:
            metres = model.distance_m[fleet[vehicle, PROFILE], here, there]
            price = fleet[vehicle, DISTANCE_PRICE] * metres
    busy = travel
    if not returning and (leaving or here != there):
        busy += model.visits[target, SETUP]
    price += fleet[vehicle, TRAVEL_PRICE] * travel + fleet[vehicle, TIME_PRICE] * busy
    if leaving:
        price += fleet[vehicle, USE_PRICE]
    return price, travel, busy


@inlined
def leg_price(model: Model, nodes: Ints, vehicle: int, origin: int, target: int) -> int:
    """The price of :func:`leg` alone."""
    return leg(model, nodes, vehicle, origin, target)[0]


@inlined
def work_price(model: Model, vehicle: int, visit: int) -> int:
    """What a visit costs on a vehicle, wherever it stands."""
    pairs = model.pairs
    return int(
        pairs[visit, vehicle, ASSIGN_PRICE]
        + model.fleet[vehicle, TIME_PRICE] * pairs[visit, vehicle, DURATION]
    )


@kernel
def route_price(model: Model, plan: Plan, vehicle: int) -> int:
    """All of a route."""
    visits = len(model.load)
    nodes = plan.nodes
    last = len(nodes) - 2 * len(plan.routes) + vehicle
    node = visit_after(plan, visits, nodes[last, NEXT])
    price = 0
    while node < visits:
        price += leg_price(model, nodes, vehicle, last, node) + work_price(model, vehicle, node)
        last, node = node, visit_after(plan, visits, nodes[node, NEXT])
    return price + leg_price(model, nodes, vehicle, last, node)


@kernel
def inner_price(model: Model, plan: Plan, vehicle: int, first: int, last: int) -> int:
    """A part of a route on some vehicle, without the ways to it and from it."""
    visits, nodes = len(model.load), plan.nodes
    price = work_price(model, vehicle, first)
    while first != last:
        following = visit_after(plan, visits, nodes[first, NEXT])
        price += leg_price(model, nodes, vehicle, first, following)
        price += work_price(model, vehicle, following)
        first = following
    return price
