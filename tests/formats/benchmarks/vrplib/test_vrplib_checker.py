from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.formats.benchmarks.instances import ROUTING_PLAN

from dispatch.formats.benchmarks.instance import CheckedCost
from dispatch.formats.benchmarks.vrplib.checker import _late_nodes, _shortest_duration, check
from dispatch.formats.benchmarks.vrplib.instance import VrplibInstance
from dispatch.formats.benchmarks.vrplib.model import RoutingCase, VehicleRoutes
from dispatch.formats.benchmarks.vrplib.reader import read_instance


@pytest.fixture
def case(routing_file: Path) -> RoutingCase:
    return read_instance(routing_file)


def codes(found: CheckedCost) -> set[str]:
    assert all(error.cause() and error.cause("zh") for error in found.errors)
    return {error.code.removeprefix("bench.check.") for error in found.errors}


def test_routes_that_hold_cost_what_the_hand_says(case: RoutingCase) -> None:
    found = check(case, VehicleRoutes(((1, 2), (3,))))
    assert found == CheckedCost(30_000)


def test_the_best_known_solution_must_cost_what_it_states(
    case: RoutingCase, routing_file: Path
) -> None:
    instance = VrplibInstance(routing_file, case)
    assert instance.best_known() is None
    for stated, reproduced in (("30000", True), ("29999", False)):
        routing_file.with_suffix(".sol").write_text(ROUTING_PLAN.replace("30000", stated))
        best = instance.best_known()
        assert best is not None
        assert (best.stated, best.reproduced) == (float(stated), reproduced)


FAULTS: dict[str, tuple[tuple[tuple[int, ...], ...], set[str]]] = {
    "vehicle may not serve": (((3,), (1,)), {"site"}),
    "too much load": (((), (1, 2)), {"capacity"}),
    "window missed": (((3, 2, 1), ()), {"site", "capacity", "window"}),
    "visited twice": (((1, 2), (1,)), {"customer.repeated"}),
    "no such customer": (((1, 2, 9), ()), {"customer.unknown"}),
    "the depot as customer": (((1, 0, 2), ()), {"customer.unknown"}),
    "more routes than vehicles": (((1,), (3,), (2,)), {"vehicles"}),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_planted_fault_is_caught(fault: str, case: RoutingCase) -> None:
    routes, expected = FAULTS[fault]
    assert codes(check(case, VehicleRoutes(routes))) == expected


def test_a_route_that_is_too_long_is_caught_and_a_free_start_is_used(case: RoutingCase) -> None:
    # Leaving at once it takes 38,000 with waiting; leaving when the window opens, 23,000.
    routes = VehicleRoutes(((1, 2), (3,)))
    assert codes(check(replace(case, max_duration=23_000), routes)) == set()
    assert codes(check(replace(case, max_duration=22_999), routes)) == {"longest"}


def test_customers_left_out_are_counted_and_break_no_rule(case: RoutingCase) -> None:
    found = check(case, VehicleRoutes(((), (3,))))
    assert found.unserved == ("1", "2")
    assert found.verified


def test_prizes_of_customers_left_out_are_paid(case: RoutingCase) -> None:
    prized = replace(case, kind="pcvrptw", prize=np.array([0, 70, 80, 90]))
    found = check(prized, VehicleRoutes(((), (3,))))
    assert found.cost == 10_000 + 70 + 80
    assert found.unserved == ()


def test_the_cost_of_vrptw_has_its_decimal_point(case: RoutingCase) -> None:
    assert check(replace(case, kind="vrptw"), VehicleRoutes(((1, 2), (3,)))).cost == 3000


@st.composite
def timed_cases(draw: st.DrawFn) -> RoutingCase:
    nodes = draw(st.integers(2, 5))
    times = st.integers(0, 12)
    matrix = draw(st.lists(times, min_size=nodes**2, max_size=nodes**2))
    earliest = draw(st.lists(st.integers(0, 30), min_size=nodes, max_size=nodes))
    width = draw(st.lists(st.integers(0, 20), min_size=nodes, max_size=nodes))
    service = draw(st.lists(times, min_size=nodes, max_size=nodes))
    earliest[0], width[0], service[0] = 0, 100, 0
    return RoutingCase(
        kind="sdvrptw",
        depots=1,
        distance=np.array(matrix).reshape(nodes, nodes),
        demand=np.zeros(nodes, dtype=np.int64),
        service=np.array(service),
        earliest=np.array(earliest),
        latest=np.array(earliest) + np.array(width),
        capacity=np.array([1]),
        vehicle_depot=np.array([0]),
        allowed=np.ones((1, nodes), dtype=np.bool_),
        max_duration=1,
        prize=None,
    )


def end_when_leaving_at(case: RoutingCase, nodes: list[int], start: int) -> int | None:
    """The end of a route by plain simulation; None where a window is missed."""
    time = start
    for here, there in pairwise(nodes):
        time = max(
            time + int(case.service[here] + case.distance[here, there]), int(case.earliest[there])
        )
        if time > case.latest[there]:
            return None
    return time


@given(timed_cases())
def test_the_shortest_duration_is_that_of_trying_every_start(case: RoutingCase) -> None:
    nodes = [0, *case.customers, 0]
    tried = [
        end - start
        for start in range(101)
        if (end := end_when_leaving_at(case, nodes, start)) is not None
    ]
    assert bool(tried) is not any(True for _ in _late_nodes(case, nodes))
    assume(tried)
    assert _shortest_duration(case, nodes) == min(tried)
