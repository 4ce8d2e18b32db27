"""What inserting a job costs at every position of every route of a plan, in milliseconds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dispatch.solver.arrays import Ints
from dispatch.solver.child.rehearsal import mark_warm, tiny_problem
from dispatch.solver.kernels.board import full_copy, scratch
from dispatch.solver.kernels.columns import ALLOWED, FIRST_VISIT, LENGTH, UNSERVED_PRICE, VISITS
from dispatch.solver.kernels.crews import place_group
from dispatch.solver.kernels.everywhere import insert_everywhere
from dispatch.solver.kernels.insertion import IMPOSSIBLE
from dispatch.solver.kernels.links import settle_all
from dispatch.solver.kernels.memo import empty_memo
from dispatch.solver.kernels.model import Model, model_of
from dispatch.solver.kernels.timing import FINE
from dispatch.solver.problem import Problem
from dispatch.solver.solution import CostPart, Solution
from dispatch.solver.timing import board_of, time_routes

EVERYWHERE = "everywhere"
"""What its kernels are called where it is remembered that they are compiled."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Way:
    """A way to serve one more job."""

    vehicle: int
    """Who takes it, or its first seat."""
    cost: int
    """What it adds in cost units, without what is saved by not leaving the job out."""
    routes: tuple[Ints, ...]
    """The whole plan with it."""


class Everywhere:
    """A plan made ready once, to be asked about one visit after another; not by two threads."""

    def __init__(self, problem: Problem, routes: Sequence[npt.ArrayLike]) -> None:
        """Time the routes of a plan that holds.

        Parameters
        ----------
        routes
            For each vehicle its activities, as in :attr:`Solution.routes`.

        Raises
        ------
        ValueError
            The routes break a rule.
        """
        rows = [np.asarray(route, dtype=np.int64).ravel() for route in routes]
        self._problem = problem
        self._model = model_of(problem)
        self._board = board_of(problem, self._model, rows)
        if settle_all(self._model, self._board) != FINE:
            raise ValueError("the routes break a rule")
        self._trial = full_copy(self._board)
        self._memo = empty_memo(self._board)
        self._positions = int(self._board.routes[:, LENGTH].max(initial=0)) + 1

    @property
    def rows(self) -> tuple[Ints, ...]:
        """The activities that positions count: also the breaks of a vehicle without visits."""
        lengths = self._board.routes[:, LENGTH]
        return tuple(
            row[:length].copy() for row, length in zip(self._board.sequence, lengths, strict=True)
        )

    def costs(self, visit: int) -> Ints:
        """What a visit that is not served would add at every position.

        Returns
        -------
        Ints
            (vehicles, positions) cost units, without what is saved by not leaving the job out;
            IMPOSSIBLE where a rule would break and beyond the end of a route. A visit of a crew
            can be inserted only where all others of the crew are served.
        """
        costs = np.empty((len(self._model.capacity), self._positions), dtype=np.int64)
        insert_everywhere(self._model, self._board, self._trial, self._memo, visit, costs)
        return costs

    def ways(self, group: int) -> tuple[Way, ...]:
        """For each vehicle that can take a job, or its first seat, its cheapest way.

        The first is the cheapest of all. For a crew the others' seats are chosen as `greedy` does:
        a cheaper way may exist.

        Parameters
        ----------
        group
            A job that is not served.
        """
        first, beyond = self._model.groups[group : group + 2, FIRST_VISIT].tolist()
        found = self._crew_ways(group) if beyond - first > 1 else self._single_ways(first)
        return tuple(sorted(found, key=lambda way: way.cost))

    def _single_ways(self, visit: int) -> Iterator[Way]:
        costs, rows = self.costs(visit), self.rows
        routes = [row if self._used(at) else row[:0] for at, row in enumerate(rows)]
        for vehicle, position in enumerate(costs.argmin(axis=1).tolist()):
            cost = int(costs[vehicle, position])
            if cost < IMPOSSIBLE:
                longer = np.insert(rows[vehicle], position, visit)
                changed = (*routes[:vehicle], longer, *routes[vehicle + 1 :])
                yield Way(vehicle=vehicle, cost=cost, routes=changed)

    def _used(self, vehicle: int) -> bool:
        return bool(self._board.routes[vehicle, VISITS])

    def _crew_ways(self, group: int) -> Iterator[Way]:
        """Place the crew anew for each vehicle, which alone may take the first seat."""
        before = _served_cost(time_routes(self._problem, self.rows).solution)
        first = int(self._model.groups[group, FIRST_VISIT])
        for vehicle in np.flatnonzero(self._model.pairs[first, :, ALLOWED]).tolist():
            board = full_copy(self._board)
            touched = np.zeros(len(self._model.capacity), dtype=np.bool_)
            room = scratch(board), scratch(board), empty_memo(board)
            only = _wanting(self._model, group, vehicle)
            if not place_group(only, board, *room, group, touched):
                continue
            lengths = np.where(board.routes[:, VISITS] > 0, board.routes[:, LENGTH], 0)
            rows = zip(board.sequence, lengths, strict=True)
            routes = tuple(row[:length].copy() for row, length in rows)
            timed = time_routes(self._problem, routes).solution
            if timed is not None:
                yield Way(vehicle=vehicle, cost=_served_cost(timed) - before, routes=routes)


def _wanting(model: Model, group: int, vehicle: int) -> Model:
    """The same in which a job is worth any price, and one vehicle alone may take its first seat."""
    pairs, groups = model.pairs.copy(), model.groups.copy()
    groups[group, UNSERVED_PRICE] = IMPOSSIBLE
    first = groups[group, FIRST_VISIT]
    pairs[first, :, ALLOWED] = 0
    pairs[first, vehicle, ALLOWED] = 1
    for array in (pairs, groups):
        array.setflags(write=False)
    return model._replace(pairs=pairs, groups=groups)


def _served_cost(solution: Solution | None) -> int:
    if solution is None:
        raise ValueError("the routes break a rule")
    return solution.cost - int(solution.costs[CostPart.UNSERVED])


def rehearse_everywhere() -> None:
    """Compile what this needs, and remember that it is done."""
    problem = tiny_problem()
    ready = Everywhere(problem, [[] for _ in range(problem.vehicle_count)])
    for group in range(problem.group_count):
        ready.ways(group)
    mark_warm(EVERYWHERE)


__all__ = ["IMPOSSIBLE", "Everywhere", "Way", "rehearse_everywhere"]
