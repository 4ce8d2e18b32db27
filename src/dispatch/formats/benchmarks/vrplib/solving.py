"""Turns a routing instance into a solver problem, and the solver's answer into routes."""

from __future__ import annotations

import numpy as np

from dispatch.formats.benchmarks.problem_parts import (
    no_breaks,
    no_links,
    no_windows,
    numbers,
    one_window_each,
)
from dispatch.formats.benchmarks.vrplib.model import RoutingCase, VehicleRoutes
from dispatch.solver.arrays import Ints
from dispatch.solver.problem import NEVER, Problem, Vehicles, Visits
from dispatch.solver.solution import Solution


def to_problem(case: RoutingCase) -> Problem:
    """State a case for the solver.

    The solver's seconds are the convention's whole numbers, and a cost unit is one of travel, so
    that the solver's cost is the set's. Metres are left at 0: nothing is priced by them.
    """
    return Problem(
        travel_s=case.distance[None],
        distance_m=np.zeros_like(case.distance)[None],
        vehicles=_vehicles(case),
        visits=_visits(case),
        unserved_price=_unserved_price(case),
        links=no_links(),
        breaks=no_breaks(),
    )


def from_solution(case: RoutingCase, solution: Solution) -> VehicleRoutes:
    """Routes of nodes; the checker times them afresh."""
    return VehicleRoutes(
        tuple(tuple(int(visit) + case.depots for visit in route) for route in solution.routes)
    )


def _vehicles(case: RoutingCase) -> Vehicles:
    count = len(case.capacity)
    longest = NEVER if case.max_duration is None else case.max_duration
    return Vehicles(
        owner=np.arange(count),
        profile=numbers(count),
        start_place=case.vehicle_depot,
        end_place=case.vehicle_depot,
        earliest_s=case.earliest[case.vehicle_depot],
        end_s=case.latest[case.vehicle_depot],
        latest_s=case.latest[case.vehicle_depot],
        max_duration_s=numbers(count, of=longest),
        max_travel_s=numbers(count, of=NEVER),
        max_visits=numbers(count, of=NEVER),
        capacity=case.capacity[:, None],
        use_price=numbers(count),
        travel_price=numbers(count, of=1),
        distance_price=numbers(count),
        time_price=numbers(count),
        overtime_price=numbers(count),
        fair_share_s=numbers(count, of=NEVER),
        unfairness_price=numbers(count),
    )


def _visits(case: RoutingCase) -> Visits:
    nodes = np.array(case.customers, dtype=np.int64)
    count, vehicles = len(nodes), len(case.capacity)
    return Visits(
        place=nodes,
        group=np.arange(count),
        setup_s=numbers(count),
        duration_s=np.repeat(case.service[nodes, None], vehicles, axis=1),
        allowed=case.allowed[:, nodes].T,
        assign_price=numbers(count, vehicles),
        load=case.demand[nodes, None],
        windows=one_window_each(case.earliest[nodes], case.latest[nodes]),
        preferred=no_windows(count),
        preferred_price=numbers(count),
        due_s=numbers(count, of=NEVER),
        lateness_price=numbers(count),
        rank=numbers(count, of=-1),
    )


def _unserved_price(case: RoutingCase) -> Ints:
    nodes = np.array(case.customers, dtype=np.int64)
    if case.prize is not None:
        return case.prize[nodes]
    # More than any routes can cost: nobody is left out to save travel.
    most = 2 * len(nodes) * int(case.distance.max(initial=0)) + 1
    return numbers(len(nodes), of=most)
