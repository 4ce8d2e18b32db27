"""Prices small enough that no sum leaves the int64 of the library."""

from __future__ import annotations

from dataclasses import dataclass
from typing import overload

import numpy as np

from dispatch.solver.arrays import AnyInts, Ints
from dispatch.solver.problem import Problem

HIGHEST_COST = 2**56
"""Room for the penalties of guided local search, which come on top of the cost."""


@dataclass(frozen=True, slots=True)
class Prices:
    """Cost units divided by what the whole problem needs; 1 where they fit as they are."""

    divisor: int

    @classmethod
    def of(cls, problem: Problem, horizon_s: int) -> Prices:
        """The smallest divisor under which no plan within the horizon costs too much."""
        return cls(-(-highest_cost(problem, horizon_s) // HIGHEST_COST))

    @overload
    def scaled(self, prices: int) -> int: ...
    @overload
    def scaled(self, prices: Ints) -> Ints: ...
    def scaled(self, prices: int | Ints) -> int | Ints:
        """One or many, each rounded up: what costs anything goes on costing something."""
        return -(-prices // self.divisor)


def highest_cost(problem: Problem, horizon_s: int) -> int:
    """At least the cost of any plan, in cost units and at least 1."""
    vehicles, visits = problem.vehicles, problem.visits
    legs = problem.visit_count + problem.vehicle_count
    return 1 + sum(
        (
            _sum(problem.unserved_price),
            _sum(visits.assign_price.max(axis=1, initial=0)),
            _sum(vehicles.use_price),
            legs * _most(vehicles.travel_price + vehicles.time_price) * _most(problem.travel_s),
            legs * _most(vehicles.distance_price) * _most(problem.distance_m),
            horizon_s * _sum(vehicles.time_price + vehicles.overtime_price),
            horizon_s * _sum(vehicles.unfairness_price),
            horizon_s * _sum(visits.lateness_price + visits.preferred_price),
            horizon_s * _sum(problem.published.moved_second_price),
        )
    )


def _sum(prices: Ints) -> int:
    return sum(prices.tolist())  # Python's integers do not overflow


def _most(numbers: AnyInts) -> int:
    return int(numbers.max(initial=0))


def horizon(problem: Problem) -> int:
    """A time by which every plan is over, in seconds: shifts may be open, the library's are not."""
    vehicles, visits = problem.vehicles, problem.visits
    released = max(
        _most(array)
        for array in (vehicles.earliest_s, visits.windows.start_s, problem.breaks.earliest_s)
    )
    durations = np.where(visits.allowed, visits.duration_s, 0).max(axis=1, initial=0)
    busy = sum(
        _sum(array)
        for array in (
            durations,
            visits.setup_s,
            problem.breaks.duration_s,
            problem.links.min_delay_s,
        )
    )
    driving = (problem.visit_count + 1) * _most(problem.travel_s)
    return min(_most(vehicles.latest_s), released + busy + driving)
