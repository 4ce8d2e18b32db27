"""A lower bound on the cheapest route when the order of visits is left out: what fits in a shift.

Time, loads and the number of visits are taken one by one, each as a knapsack whose last item may
be cut. Its optimal price of a unit of room is found by sorting and then used as a multiplier:
any whole number is one, so rounding cannot spoil the bound.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from dispatch.solver.arrays import NEVER, Ints
from dispatch.solver.bounds.pairs import Pairs
from dispatch.solver.problem import Problem


@dataclass(frozen=True, slots=True, eq=False)
class Room:
    """How much of one thing a vehicle has, and how much each visit takes."""

    wanted: Ints
    """(visits,) of the vehicle's candidates"""
    most: int
    usual: int
    """More than this costs ``extra_price`` a unit."""
    extra_price: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Shift:
    """A vehicle with what it could serve."""

    candidates: Ints
    """(candidates,) visits"""
    price: Ints
    """(candidates,) cost units"""
    use_price: int
    rooms: tuple[Room, ...]

    def cheapest(self, worth: Ints) -> tuple[int, Ints]:
        """A bound on any used route less the ``worth`` (visits,) of its visits; whom it serves."""
        values = self.price - worth[self.candidates]
        found = [_bound(room, values) for room in self.rooms]
        bound, served = max(found, key=lambda each: each[0])
        return self.use_price + bound, self.candidates[served]


def shifts_of(problem: Problem, pairs: Pairs) -> list[Shift]:
    """One for each column of ``pairs``."""
    shifts = []
    for column, vehicle in enumerate(pairs.vehicles.tolist()):
        candidates = np.flatnonzero(pairs.possible[:, column])
        rooms = _rooms(problem, vehicle, candidates, pairs.time_s[candidates, column])
        price = pairs.price[candidates, column]
        use_price = int(problem.vehicles.use_price[vehicle])
        shifts.append(Shift(candidates, price, use_price, tuple(rooms)))
    return shifts


def _rooms(problem: Problem, vehicle: int, candidates: Ints, time_s: Ints) -> Iterator[Room]:
    shift, load = problem.vehicles, problem.visits.load[candidates]
    most = _work_s(problem, vehicle)
    usual = min(most, int(shift.end_s[vehicle] - shift.earliest_s[vehicle]))
    yield Room(time_s, most, usual, int(shift.overtime_price[vehicle]))
    if shift.max_visits[vehicle] < len(candidates):
        visits = int(shift.max_visits[vehicle])
        yield Room(np.ones(len(candidates), np.int64), visits, visits)
    for dimension, capacity in enumerate(shift.capacity[vehicle].tolist()):
        if load[:, dimension].sum() > capacity:
            yield Room(load[:, dimension], capacity, capacity)


def _work_s(problem: Problem, vehicle: int) -> int:
    """The longest that a route can travel, set up and work: breaks take their time from it.

    A break that follows the route takes none, but then the route is over when it begins.
    """
    shift, breaks = problem.vehicles, problem.breaks
    earliest, latest = int(shift.earliest_s[vehicle]), int(shift.latest_s[vehicle])
    mine = np.flatnonzero(breaks.vehicle == vehicle)
    longest = taken = 0
    for pause in mine.tolist():
        longest = max(longest, min(latest, int(breaks.earliest_s[pause])) - earliest - taken)
        taken += int(breaks.duration_s[pause])
    longest = max(longest, latest - earliest - taken)
    return min(longest, int(shift.max_duration_s[vehicle]), NEVER)


def _bound(room: Room, values: Ints) -> tuple[int, Ints]:
    """The least sum of values that fits, or less, and the positions that it takes."""
    wanted = room.wanted
    good = np.flatnonzero(values < 0)
    order = good[np.argsort(values[good] / np.maximum(wanted[good], 1e-3), kind="stable")]
    used = np.cumsum(wanted[order])
    price = min(_price_of_room(room, values[order], wanted[order], used), _highest(room))
    gains = np.minimum(0, values + price * wanted).sum()
    extra = min(0, room.extra_price - price) * (room.most - room.usual)
    return int(gains) - price * room.usual + extra, order[used <= room.most]


def _price_of_room(room: Room, values: Ints, wanted: Ints, used: Ints) -> int:
    """What a unit of room is worth at the margin, by value for room in falling order."""
    at_usual, at_most = np.searchsorted(used, (room.usual, room.most), side="right").tolist()
    if at_usual == len(used):
        return 0
    worth_usual = int(-values[at_usual] // max(1, wanted[at_usual]))
    if worth_usual <= room.extra_price or at_most == len(used):
        return min(worth_usual, room.extra_price)
    return max(room.extra_price, int(-values[at_most] // max(1, wanted[at_most])))


def _highest(room: Room) -> int:
    """A multiplier that keeps products inside int64."""
    return int(2**60 // max(1, room.most, int(room.wanted.max(initial=0))))
