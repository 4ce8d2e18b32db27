"""Worths of visits, raised until the vehicles would rather stay at home: a lower bound.

Give each visit a worth. Then no plan costs less than the groups' worths, each up to the price of
leaving the group out, and what each vehicle loses on its cheapest route, the worth of its visits
deducted. That holds for any worths and any lower bound on the routes (Lagrangean relaxation; Held,
Wolfe and Crowder, *Validation of subgradient optimization*, Mathematical Programming 6, 1974). All
sums are whole numbers, so nothing is lost to rounding; floating point only chooses the worths.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from dispatch.solver.arrays import Ints
from dispatch.solver.bounds.pairs import Pairs
from dispatch.solver.problem import Problem

PATIENCE = 10
"""Rounds without a better bound before the aim is taken nearer."""
FIRST_AIM, LAST_AIM = 0.1, 5e-4
"""How far above the best bound the aim is, as a part of it."""


class Vehicle(Protocol):
    """Looks for its cheapest route."""

    def cheapest(self, worth: Ints) -> tuple[int, Ints]:
        """A bound on any used route less the ``worth`` (visits,) of its visits; whom it serves."""
        ...


class Ascent:
    """The best worths so far, and the bound that they give."""

    def __init__(self, problem: Problem, counts: Ints, pairs: Pairs) -> None:
        """``counts`` (columns of ``pairs``,) says how many vehicles there are of each kind."""
        self.best = 0
        self._group = problem.visits.group
        self._groups = problem.group_count
        self._price = problem.unserved_price
        self._counts = counts
        self._worth = self._first_worth(pairs)
        self._best_worth = self._worth
        self.settled = False
        """Whether more rounds would gain next to nothing."""
        self._aim = FIRST_AIM
        self._waiting = 0

    def restart(self) -> None:
        """Go on from the best worths, for instance with other vehicles."""
        self._worth = self._best_worth
        self._aim = FIRST_AIM
        self.settled = False

    def round(self, vehicles: Sequence[Vehicle]) -> None:
        """Let every kind of vehicle answer once, and change the worths by what they take."""
        worth = self._worth
        sums = np.bincount(self._group, worth, self._groups)
        bound = sum(np.minimum(self._group_worth(worth), self._price).tolist())
        slope = (sums < self._price)[self._group].astype(np.float64)
        for vehicle, count in zip(vehicles, self._counts.tolist(), strict=True):
            loss, served = vehicle.cheapest(worth)
            if loss < 0:
                bound += count * loss
                np.subtract.at(slope, served, count)
        self._judge(bound)
        self._step(bound, slope)

    def _group_worth(self, worth: Ints) -> Ints:
        totals: Ints = np.zeros(self._groups, np.int64)
        np.add.at(totals, self._group, worth)
        return totals

    def _first_worth(self, pairs: Pairs) -> Ints:
        """What the cheapest vehicle asks; all of the price where no vehicle can come."""
        price = self._price[self._group]
        asked = np.where(pairs.possible, pairs.price, price[:, None])
        first: Ints = np.minimum(asked.min(axis=1, initial=2**62), price)
        return first

    def _judge(self, bound: int) -> None:
        if bound > self.best:
            self.best, self._best_worth = bound, self._worth
            self._waiting = 0
            return
        self._waiting += 1
        if self._waiting > PATIENCE:
            self._aim /= 2
            self._waiting = 0
            self.settled = self._aim < LAST_AIM

    def _step(self, bound: int, slope: npt.NDArray[np.float64]) -> None:
        """Towards an aim a little above the best bound (Polyak's step)."""
        norm = float(slope @ slope)
        if norm == 0:
            self.settled = True
            return
        far = self.best * (1 + self._aim) - bound
        raised = self._worth + far / norm * slope
        self._worth = np.clip(raised, 0, self._price[self._group]).astype(np.int64)
