"""Annealing from the plan of regret insertion: over strings of visits, or moves of tied ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from time import perf_counter
from typing import Protocol, TypeVar

import numpy as np

from dispatch.solver.arrays import Ints
from dispatch.solver.engine import Exchange, Report, Result, Status, Stop
from dispatch.solver.greedy import Greedy
from dispatch.solver.incumbent import Incumbent
from dispatch.solver.kernels.strings.ground import is_mostly_walked
from dispatch.solver.lns.moves import MovesSearch
from dispatch.solver.lns.pace import Pace
from dispatch.solver.lns.parameters import LnsParameters, MovesParameters
from dispatch.solver.lns.renumbered import RenumberedSearch
from dispatch.solver.lns.room import Room
from dispatch.solver.lns.turns import TurnsSearch
from dispatch.solver.partition.engine import Partition
from dispatch.solver.partition.first import first_plan
from dispatch.solver.partition.size import is_big
from dispatch.solver.problem import Problem
from dispatch.solver.solution import Solution
from dispatch.solver.timing import time_routes

Parameters = TypeVar("Parameters", LnsParameters, MovesParameters)

REGRET_UP_TO = 300
"""Visits. Regret insertion is a better start than cheapest insertion, but slow on large days."""

FIRST_PLAN_SHARE = 0.2
"""Of the time, for the first plan; what it leaves out by then the search puts in."""

LATER = 1.05
"""A better plan is told when the run is so many times as old as when one was told last: to time
and to tell of one takes as long as many iterations."""


ENDING = 2
"""Times what it takes to tell of a plan: whoever hears of the last one times it, too."""


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

    def is_cool(self, progress: float) -> bool:
        """Whether anything would stay of a better plan if it went on from that now."""
        ...

    def take(self, routes: Sequence[Ints]) -> None:
        """Go on from these routes of a better plan."""
        ...


class Lns:
    """Takes off strings of visits near one another and puts them back where they cost least.

    Where times are tied, small moves of single visits and of whole crews do better.
    Deterministic with a seed and a limit on iterations.
    """

    name = "lns"

    def __init__(
        self, parameters: LnsParameters | None = None, moves: MovesParameters | None = None
    ) -> None:
        self.parameters = parameters or LnsParameters()
        self.moves = moves or MovesParameters()
        self.exchange: Exchange | None = None
        self.member = 0
        self.cores: int | None = None

    def begun_at(self, warmth: float) -> Lns:
        """The same with a part of its first temperatures, but never below the last."""
        return Lns(_cooler(self.parameters, warmth), _cooler(self.moves, warmth))

    def solve(
        self,
        problem: Problem,
        stop: Stop,
        *,
        seed: int,
        initial: Solution | None = None,
        report: Report | None = None,
    ) -> Result:
        """Improve on ``initial``, filled up, until ``stop``. Big days are handed over."""
        if is_big(problem) and problem.vehicle_count > 1:
            parts = Partition()
            parts.cores = self.cores
            return parts.solve(problem, stop, seed=seed, initial=initial, report=report)
        incumbent = Incumbent(problem, report)
        if initial is not None:
            incumbent.offer(initial)
        routes = initial.routes if initial else _no_routes(problem)
        if problem.vehicle_count == 0:
            incumbent.offer_routes(routes)
            return incumbent.result()
        tied = len(problem.links.before) > 0
        if tied or problem.visit_count <= REGRET_UP_TO:
            first = _first(problem, stop.within(FIRST_PLAN_SHARE * stop.seconds), initial)
            if first.solution is not None:
                incumbent.offer(first.solution)
                routes = first.solution.routes
            else:  # its routes do not hold once they are timed anew
                incumbent.offer_routes(routes)
            if incumbent.solution is None or incumbent.stopped or problem.visit_count < 2:
                return incumbent.result(message=first.message)
        search = self._search(problem, routes, stop, seed)
        return self._improve(search, Pace(stop, incumbent), incumbent)

    def _search(self, problem: Problem, routes: Sequence[Ints], stop: Stop, seed: int) -> Search:
        """Ruins where nothing is tied, moves where something is; or both in turns.

        Ruins leave what is tied where it is, and are slow where routes have to be walked. Moves
        find no room where several visits would have to go first; but where lateness is all that
        time costs, they are so quick that ruins find no more.
        """
        tied = np.union1d(problem.links.before, problem.links.after)
        if not len(tied):
            ruins = RenumberedSearch(problem, routes, self.parameters, stop, seed)
            if not (self.moves.ruins and is_mostly_walked(problem)):
                return ruins
            moves = self._moves_from(problem, ruins.best_routes(), seed)
        else:
            moves = self._moves_from(problem, routes, seed)
            if self.moves.ruins == 0 or moves.is_quick or len(tied) == problem.visit_count:
                return moves
            ruins = RenumberedSearch(problem, routes, self.parameters, stop, seed)
        room = Room(problem, stop, seed) if self.moves.room else None
        return TurnsSearch(problem, moves, ruins, self.moves, room)

    def _moves_from(self, problem: Problem, routes: Sequence[Ints], seed: int) -> MovesSearch:
        return MovesSearch(problem, routes, self.moves, seed, patience=self._patience)

    @property
    def _patience(self) -> int:
        """Every second one cools down four times as slowly."""
        return 4 if self.member % 2 else 1

    def _improve(self, search: Search, pace: Pace, incumbent: Incumbent) -> Result:
        news = _News(search, incumbent)
        news.tell()
        better: Solution | None = None
        while not incumbent.stopped and (count := pace.next_chunk()):
            pace.ending_s = ENDING * news.telling_s
            started = perf_counter()
            improved = search.run(count, pace.progress)
            pace.ran(count, perf_counter() - started)
            if not pace.called_off:
                improved = search.recombine(pace.progress) or improved
            news.untold = news.untold or improved
            if self.exchange is not None and self.exchange.due(pace.progress):
                news.tell()
                better = _met(self.exchange, pace.progress, incumbent) or better
            elif better is not None and search.is_cool(pace.progress):
                news.tell()
                if better is incumbent.solution:
                    search.take(better.routes)
                better = None
            elif incumbent.seconds >= LATER * news.told_s:
                news.tell()
        news.tell()
        if pace.called_off:
            incumbent.stopped = True
        return incumbent.result(pace.done)


class _News:
    """What a search has found and not told of yet."""

    def __init__(self, search: Search, incumbent: Incumbent) -> None:
        self.untold = True
        self.told_s = 0.0
        """When it told last."""
        self.telling_s = 0.0
        """How long that took, at the longest."""
        self._search = search
        self._incumbent = incumbent

    def tell(self) -> None:
        """Tell it, if there is anything."""
        if self.untold:
            began = self._incumbent.seconds
            self._incumbent.offer_routes(self._search.best_routes())
            self.untold, self.told_s = False, self._incumbent.seconds
            self.telling_s = max(self.telling_s, self.told_s - began)


def _met(exchange: Exchange, progress: float, incumbent: Incumbent) -> Solution | None:
    """A plan from elsewhere that is better than all of our own, if there is one."""
    routes, before = exchange(progress), incumbent.solution
    if routes is not None:
        incumbent.offer_routes(routes)
    return incumbent.solution if incumbent.solution is not before else None


def _cooler(parameters: Parameters, warmth: float) -> Parameters:
    first = max(warmth * parameters.first_temperature, parameters.last_temperature)
    return replace(parameters, first_temperature=first)


def _first(problem: Problem, stop: Stop, initial: Solution | None) -> Result:
    """By regret insertion; on large days part by part, which is quicker."""
    start = initial or time_routes(problem, _no_routes(problem)).solution
    if problem.visit_count <= REGRET_UP_TO or start is None:
        return Greedy().solve(problem, stop, initial=initial)
    return Result(status=Status.SOLVED, solution=first_plan(problem, start, stop))


def _no_routes(problem: Problem) -> tuple[Ints, ...]:
    return (np.zeros(0, np.int64),) * problem.vehicle_count
