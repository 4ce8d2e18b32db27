"""Checks routes of the four routing kinds by recomputing them from the instance alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from dispatch.errors import Finding, Value
from dispatch.formats.benchmarks.instance import CheckedCost
from dispatch.formats.benchmarks.vrplib.model import RoutingCase, VehicleRoutes


def check(case: RoutingCase, solution: VehicleRoutes) -> CheckedCost:
    """Recompute rules and cost: distance, and the prizes of customers left out."""
    routes, errors = _known(case, solution)
    visits = Counter(customer for route in routes for customer in route)
    errors += [
        Finding("bench.check.customer.repeated", values={"customer": customer, "count": count})
        for customer, count in visits.items()
        if count > 1
    ]
    for vehicle, route in enumerate(routes[: len(case.capacity)]):
        if route:
            errors += _route_errors(case, vehicle, route)
    missing = [customer for customer in case.customers if customer not in visits]
    cost = sum(_distance(case, vehicle, route) for vehicle, route in enumerate(routes) if route)
    if case.prize is not None:
        cost += sum(int(case.prize[customer]) for customer in missing)
        missing = []
    unserved = tuple(str(customer) for customer in missing)
    return CheckedCost(cost / case.convention.cost_scale, unserved, tuple(errors))


def _known(
    case: RoutingCase, solution: VehicleRoutes
) -> tuple[list[tuple[int, ...]], list[Finding]]:
    """The routes without customers that do not exist, and what was wrong with them."""
    errors: list[Finding] = []
    used = sum(1 for route in solution.routes[len(case.capacity) :] if route)
    if used:
        values: dict[str, Value] = {"extra": used, "vehicles": len(case.capacity)}
        errors.append(Finding("bench.check.vehicles", values=values))
    for number, route in enumerate(solution.routes, start=1):
        for customer in route:
            if customer not in case.customers:
                named: dict[str, Value] = {"route": number, "customer": customer}
                errors.append(Finding("bench.check.customer.unknown", values=named))
    known = [tuple(each for each in route if each in case.customers) for route in solution.routes]
    return known, errors


def _with_depot(case: RoutingCase, vehicle: int, route: Sequence[int]) -> list[int]:
    # A route beyond the fleet is an error already; it is priced from the first depot.
    depot = int(case.vehicle_depot[vehicle]) if vehicle < len(case.vehicle_depot) else 0
    return [depot, *route, depot]


def _distance(case: RoutingCase, vehicle: int, route: Sequence[int]) -> int:
    return sum(int(case.distance[leg]) for leg in pairwise(_with_depot(case, vehicle, route)))


def _route_errors(case: RoutingCase, vehicle: int, route: Sequence[int]) -> Iterator[Finding]:
    """Capacity, site, windows and duration of one route."""
    named: dict[str, Value] = {"route": vehicle + 1}
    load, capacity = int(case.demand[list(route)].sum()), int(case.capacity[vehicle])
    if load > capacity:
        yield Finding("bench.check.capacity", values=named | {"load": load, "capacity": capacity})
    for customer in route:
        if not case.allowed[vehicle, customer]:
            yield Finding("bench.check.site", values=named | {"customer": customer})
    nodes = _with_depot(case, vehicle, route)
    late = list(_late_nodes(case, nodes))
    for node in late:
        yield Finding("bench.check.window", values=named | {"node": node})
    if case.max_duration is not None and not late:
        duration = _shortest_duration(case, nodes)
        if duration > case.max_duration:
            values: dict[str, Value] = {"duration": duration, "most": case.max_duration}
            yield Finding("bench.check.longest", values=named | values)


def _late_nodes(case: RoutingCase, nodes: Sequence[int]) -> Iterator[int]:
    """Nodes that are reached too late even if the vehicle leaves at once."""
    time = int(case.earliest[nodes[0]])
    for here, there in pairwise(nodes):
        time += int(case.service[here]) + int(case.distance[here, there])
        time = max(time, int(case.earliest[there]))
        if time > case.latest[there]:
            yield there
            time = int(case.latest[there])  # so that one late node is not blamed on the next


def _shortest_duration(case: RoutingCase, nodes: Sequence[int]) -> int:
    """Duration with the best start, of a route that keeps its windows.

    Leaving later shortens the wait until there is none left or a window would close: the best
    start is the latest that still keeps every window.
    """
    end = int(case.earliest[nodes[0]])
    moving = 0
    for here, there in pairwise(nodes):
        leg = int(case.service[here]) + int(case.distance[here, there])
        moving += leg
        end = max(end + leg, int(case.earliest[there]))
    latest_start = int(case.latest[nodes[-1]])
    for there, here in pairwise(reversed(nodes)):
        leg = int(case.service[here]) + int(case.distance[here, there])
        latest_start = min(latest_start - leg, int(case.latest[here]))
    return max(moving, end - latest_start)
