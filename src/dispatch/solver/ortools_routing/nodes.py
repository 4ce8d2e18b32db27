"""The library's nodes: one for each visit, then one for each place where a route starts or ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dispatch.solver.arrays import Ints
from dispatch.solver.problem import OPEN, Problem


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Nodes:
    """Where every node is and where every vehicle starts and ends."""

    visits: int
    place: Ints
    """(nodes,) or OPEN"""
    start: Sequence[int]
    """(vehicles,) a node"""
    end: Sequence[int]
    """(vehicles,) a node"""

    @classmethod
    def of(cls, problem: Problem) -> Nodes:
        """Number the nodes of a problem."""
        vehicles, visits = problem.vehicles, problem.visit_count
        ends = np.concatenate([vehicles.start_place, vehicles.end_place])
        depots, depot_of = np.unique(ends, return_inverse=True)
        node = (depot_of + visits).tolist()
        return cls(
            visits=visits,
            place=np.concatenate([problem.visits.place, depots]),
            start=node[: problem.vehicle_count],
            end=node[problem.vehicle_count :],
        )

    @property
    def count(self) -> int:
        """How many nodes there are."""
        return len(self.place)

    def padded(self, values: Ints) -> Ints:
        """(visits,) values as (nodes,) values, 0 at the depots."""
        return np.concatenate([values, np.zeros(self.count - self.visits, dtype=np.int64)])

    def legs(self, matrix: Ints) -> Ints:
        """(places, places) as (nodes, nodes): 0 at open ends and for staying at home."""
        legs = matrix[np.ix_(self.place, self.place)]
        is_open = self.place == OPEN
        legs[is_open, :] = 0
        legs[:, is_open] = 0
        legs[self.visits :, self.visits :] = 0
        return legs

    def setups(self, setup_s: Ints) -> Ints:
        """(nodes, nodes) the set-up time at the second, unless both are visits of one place."""
        needed = self.place[:, None] != self.place[None, :]
        needed[self.visits :, :] = True
        return np.where(needed, self.padded(setup_s)[None, :], 0)
