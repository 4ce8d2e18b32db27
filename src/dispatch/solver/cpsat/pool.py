"""Routes of the plans seen, of which a better plan may be put together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from dispatch.solver.arrays import Bools, Ints
from dispatch.solver.problem import Problem
from dispatch.solver.vehicle_classes import vehicle_classes

Key: TypeAlias = tuple[int, bytes]
"""A class of vehicles and a set of visits."""

MOST_COLUMNS = 10_000
"""More of them take longer to look through than they are worth."""


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """A route that any vehicle of its class can drive at the same cost."""

    vehicle_class: int
    route: Ints
    """Activities, breaks by their place among those of the vehicle."""
    visits: Ints
    """The visits among them."""
    cost: int
    """In cost units, without what is not the route's alone."""


class RoutePool:
    """For each class of vehicles and set of visits the cheapest route; the youngest are kept.

    Routes with tied visits are not kept: their times are not theirs alone. Visits are tied by
    links, and by being of one job.
    """

    def __init__(self, problem: Problem, most: int = MOST_COLUMNS) -> None:
        self.class_of = vehicle_classes(problem)
        """(vehicles,)"""
        self.tied = tied_visits(problem)
        """(visits,)"""
        self._visits = problem.visit_count
        self._first_break = np.searchsorted(
            problem.breaks.vehicle, np.arange(problem.vehicle_count)
        )
        self._most = most
        self._columns: dict[Key, Column] = {}

    def __len__(self) -> int:
        return len(self._columns)

    def items(self) -> Iterable[tuple[Key, Column]]:
        """Columns by class and visits, from the oldest to the youngest."""
        return self._columns.items()

    def add(self, routes: Sequence[Ints], costs: Ints) -> None:
        """Take the routes of a plan that keeps every rule.

        Parameters
        ----------
        routes
            For each vehicle its activities, as in :attr:`Solution.routes`.
        costs
            (vehicles,) of each route, the ``COST`` of a settled board.
        """
        for vehicle, (row, cost) in enumerate(zip(routes, costs.tolist(), strict=True)):
            visits = row[row < self._visits]
            if len(visits) and not self.tied[visits].any():
                self._keep(self._column(vehicle, row, visits, cost))
        while len(self._columns) > self._most:
            del self._columns[next(iter(self._columns))]

    def row(self, column: Column, vehicle: int) -> Ints:
        """The activities of a column when this vehicle drives it."""
        breaks = column.route >= self._visits
        row: Ints = column.route + np.where(breaks, self._first_break[vehicle], 0)
        return row

    def _column(self, vehicle: int, row: Ints, visits: Ints, cost: int) -> Column:
        route = row - np.where(row >= self._visits, self._first_break[vehicle], 0)
        return Column(int(self.class_of[vehicle]), route, visits, cost)

    def _keep(self, column: Column) -> None:
        key = key_of(column.vehicle_class, column.visits)
        known = self._columns.pop(key, None)
        self._columns[key] = column if known is None or column.cost < known.cost else known


def key_of(vehicle_class: int, visits: Ints) -> Key:
    """What two routes have in common that are the same but for their order."""
    return vehicle_class, np.sort(visits).tobytes()


def tied_visits(problem: Problem) -> Bools:
    """(visits,) whether a visit's time or technician depends on another visit's."""
    group, links = problem.visits.group, problem.links
    tied: Bools = np.bincount(group, minlength=problem.group_count)[group] > 1
    tied[links.before] = True
    tied[links.after] = True
    return tied
