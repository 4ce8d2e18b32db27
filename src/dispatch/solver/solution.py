"""What comes out: routes with all their times, and what they cost."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from dispatch.solver.arrays import Ints


class CostPart(IntEnum):
    """The components of a cost, in the order of ``Solution.costs``."""

    USE = 0
    TRAVEL = 1
    DISTANCE = 2
    TIME = 3
    OVERTIME = 4
    ASSIGN = 5
    LATENESS = 6
    PREFERRED = 7
    WORST_LATENESS = 8
    UNSERVED = 9
    PROMISE = 10
    ORDER = 11
    UNFAIRNESS = 12


ABSENT = -1
"""A visit that is not served; the times of a vehicle that stays at home."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Solution:
    """A feasible answer, fully timed. An index is the problem's."""

    routes: tuple[Ints, ...]
    """For each vehicle its activities in order: a visit's index, or the visit count plus a
    break's index. A vehicle without visits has an empty route."""
    vehicle: Ints
    """(visits,) or ABSENT"""
    arrive_s: Ints
    """(visits,) when it is reached, or ABSENT"""
    start_s: Ints
    """(visits,) or ABSENT"""
    end_s: Ints
    """(visits,) or ABSENT"""
    break_start_s: Ints
    """(breaks,) or ABSENT where it is not owed"""
    depart_s: Ints
    """(vehicles,) or ABSENT"""
    finish_s: Ints
    """(vehicles,) or ABSENT"""
    costs: Ints
    """(cost parts,) in cost units"""

    @property
    def cost(self) -> int:
        """The sum, in cost units."""
        return int(self.costs.sum())

    @property
    def unserved_visits(self) -> int:
        """How many visits are left out."""
        return int(np.count_nonzero(self.vehicle == ABSENT))
