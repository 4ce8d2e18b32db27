"""Two codes that share nothing, the checker and the solver's timing, must agree on any routes."""

from __future__ import annotations

import numpy as np
from hypothesis import event, given
from hypothesis import strategies as st

from dispatch.formats.benchmarks.vrplib.checker import check
from dispatch.formats.benchmarks.vrplib.model import RoutingCase, VehicleRoutes
from dispatch.formats.benchmarks.vrplib.solving import to_problem
from dispatch.solver.timing import time_routes

VEHICLES = 2


@st.composite
def cases(draw: st.DrawFn) -> RoutingCase:
    nodes = draw(st.integers(2, 6))

    def numbers(least: int, most: int, count: int) -> list[int]:
        return draw(st.lists(st.integers(least, most), min_size=count, max_size=count))

    distance = np.array(numbers(0, 9, nodes**2)).reshape(nodes, nodes)
    np.fill_diagonal(distance, 0)
    demand, service = np.array(numbers(0, 5, nodes)), np.array(numbers(0, 9, nodes))
    earliest = np.array(numbers(0, 20, nodes))
    latest = earliest + np.array(numbers(0, 25, nodes))
    demand[0], service[0], earliest[0], latest[0] = 0, 0, 0, draw(st.integers(20, 90))
    barred = draw(st.lists(st.booleans(), min_size=VEHICLES * nodes, max_size=VEHICLES * nodes))
    prized = draw(st.booleans())
    return RoutingCase(
        kind="pcvrptw" if prized else "sdvrptw",
        depots=1,
        distance=distance,
        demand=demand,
        service=service,
        earliest=earliest,
        latest=latest,
        capacity=np.array(numbers(3, 15, VEHICLES)),
        vehicle_depot=np.zeros(VEHICLES, dtype=np.int64),
        allowed=~np.array(barred).reshape(VEHICLES, nodes) | draw(st.booleans()),
        max_duration=draw(st.none() | st.integers(10, 60)),
        prize=np.array(numbers(0, 30, nodes)) if prized else None,
    )


@given(cases(), st.data())
def test_checker_and_solver_agree_on_rules_and_cost(case: RoutingCase, data: st.DataObject) -> None:
    order = data.draw(st.permutations(list(case.customers)))
    owners = data.draw(st.lists(st.integers(0, VEHICLES), min_size=len(order), max_size=len(order)))
    routes = tuple(
        tuple(node for node, owner in zip(order, owners, strict=True) if owner == vehicle)
        for vehicle in range(VEHICLES)
    )
    checked = check(case, VehicleRoutes(routes))
    timed = time_routes(to_problem(case), [[node - 1 for node in route] for route in routes])
    event("feasible" if checked.verified else "infeasible")
    assert checked.verified is (timed.solution is not None)
    if timed.solution is not None and not checked.unserved:
        assert timed.solution.cost == checked.cost
