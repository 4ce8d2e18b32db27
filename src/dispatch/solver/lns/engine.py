"""Ruin and recreate from the plan of regret insertion."""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter
from typing import Protocol

import numpy as np

from dispatch.solver.arrays import Ints
from dispatch.solver.engine import Exchange, Report, Result, Stop
from dispatch.solver.greedy import Greedy, depths
from dispatch.solver.incumbent import Incumbent
from dispatch.solver.kernels.anneal import anneal
from dispatch.solver.kernels.board import full_copy, scratch
from dispatch.solver.kernels.columns import COST
from dispatch.solver.kernels.links import settle_all
from dispatch.solver.kernels.memo import empty_memo
from dispatch.solver.kernels.model import model_of
from dispatch.solver.lns.neighbours import nearest_visits
from dispatch.solver.lns.pace import Pace
from dispatch.solver.lns.parameters import LnsParameters
from dispatch.solver.lns.strings import StringSearch
from dispatch.solver.problem import Problem
from dispatch.solver.solution import Solution
from dispatch.solver.timing import board_of, solution_of

REGRET_UP_TO = 300
"""Visits. Regret insertion is a better start than cheapest insertion, but slow on large days."""


LATER = 1.05
"""A better plan is told when the run is so many times as old as when one was told last: to time
and to tell of one takes as long as many iterations."""


class Search(Protocol):
    """A way to improve a plan between two looks at the clock."""

    def run(self, iterations: int, progress: float) -> bool:
        """Search, as befits a run of which ``progress`` is over; whether the best improved."""
        ...

    def recombine(self, progress: float) -> bool:
        """At times, something slower than searching on; whether the best improved."""
        ...

    def best_routes(self) -> tuple[Ints, ...]:
        """The routes of the best plan."""
        ...

    def take(self, routes: Sequence[Ints]) -> None:
        """Go on from these routes."""
        ...


class Lns:
    """Takes off strings of visits near one another and puts them back where they cost least.

    Deterministic with a seed and a limit on iterations.
    """

    name = "lns"

    def __init__(self, parameters: LnsParameters | None = None) -> None:
        self.parameters = parameters or LnsParameters()
        self.exchange: Exchange | None = None

    def solve(
        self,
        problem: Problem,
        stop: Stop,
        *,
        seed: int,
        initial: Solution | None = None,
        report: Report | None = None,
    ) -> Result:
        """Improve on ``initial``, filled up, until ``stop``."""
        incumbent = Incumbent(problem, report)
        if initial is not None:
            incumbent.offer(initial)
        routes = initial.routes if initial else _no_routes(problem)
        tied = len(problem.links.before) > 0
        if tied or problem.visit_count <= REGRET_UP_TO:
            first = Greedy().solve(problem, Stop(seconds=stop.seconds), initial=initial)
            if first.solution is None:
                return incumbent.result(message=first.message)
            if not incumbent.offer(first.solution) or problem.visit_count < 2:
                return incumbent.result()
            routes = first.solution.routes
        search: Search
        if tied:
            search = _Search(problem, routes, self.parameters, seed)
        else:
            search = StringSearch(problem, routes, self.parameters, stop.seconds, seed)
        return self._improve(search, Pace(stop, incumbent), incumbent)

    def _improve(self, search: Search, pace: Pace, incumbent: Incumbent) -> Result:
        incumbent.offer_routes(search.best_routes())
        waiting, offered_s = False, incumbent.seconds
        while not incumbent.stopped and (count := pace.next_chunk()):
            started = perf_counter()
            improved = search.run(count, pace.progress)
            pace.ran(count, perf_counter() - started)
            improved = search.recombine(pace.progress) or improved
            waiting = waiting or improved
            if waiting and incumbent.seconds >= LATER * offered_s:
                incumbent.offer_routes(search.best_routes())
                waiting, offered_s = False, incumbent.seconds
            better = self.exchange(pace.progress) if self.exchange else None
            if better is not None:
                search.take(better)
                incumbent.offer_routes(better)
        if waiting:
            incumbent.offer_routes(search.best_routes())
        return incumbent.result(pace.done)


def _no_routes(problem: Problem) -> tuple[Ints, ...]:
    return (np.zeros(0, np.int64),) * problem.vehicle_count


class _Search:
    """The working plan, the current one and the best one, between two chunks of iterations."""

    def __init__(
        self, problem: Problem, routes: Sequence[Ints], parameters: LnsParameters, seed: int
    ) -> None:
        self._problem = problem
        self._model = model_of(problem)
        self.take(routes)
        self._neighbours = nearest_visits(problem)
        self._depth = depths(problem)
        self._removal = (float(parameters.mean_removed), float(parameters.longest_string))
        self._rng = np.random.default_rng(seed)
        served = max(1, sum(len(route) for route in routes))
        mean_cost = max(1.0, float(self._boards[0].routes[:, COST].sum()) / served)
        self._hot = parameters.first_temperature * mean_cost
        self._cold = parameters.last_temperature * mean_cost

    def take(self, routes: Sequence[Ints]) -> None:
        """Go on from these routes."""
        board = board_of(self._problem, self._model, routes)
        settle_all(self._model, board)
        self._boards = (board, full_copy(board), full_copy(board), scratch(board), scratch(board))
        self._memo = empty_memo(board)

    def run(self, iterations: int, progress: float) -> bool:
        """Some iterations at the temperature of this moment; answers whether the best improved."""
        temperature = self._hot * (self._cold / self._hot) ** progress
        improved = anneal(
            self._model,
            self._boards,
            self._neighbours,
            self._memo,
            self._depth,
            temperature,
            self._removal,
            iterations,
            self._rng,
        )
        return improved > 0

    def recombine(self, progress: float) -> bool:  # noqa: ARG002 - it has no routes of its own
        """Nothing."""
        return False

    def best_routes(self) -> tuple[Ints, ...]:
        """The routes of the best plan."""
        return solution_of(self._problem, self._model, self._boards[2]).routes
