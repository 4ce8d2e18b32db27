"""Making room for a job that is left out, where many others would have to go first."""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter

import numpy as np

from dispatch.solver.arrays import Ints
from dispatch.solver.engine import Stop
from dispatch.solver.greedy import Greedy
from dispatch.solver.kernels.strings.ground import alone_price
from dispatch.solver.lns.strings import CERTAIN
from dispatch.solver.partition.shares import bundles
from dispatch.solver.problem import Problem
from dispatch.solver.solution import Solution
from dispatch.solver.timing import Timekeeper

SHARE = 0.1
"""Of the time, at most: where many jobs are left out, each try looks at all of them."""


class Room:
    """Empties a route for a job that nobody else may do, and gives what was on it to others.

    A technician with a scarce skill has work that others could do as well, some of it tied to what
    they do. A search finds no way out of that visit by visit: nothing is gained until the last of
    them has gone.
    """

    def __init__(self, problem: Problem, stop: Stop, seed: int) -> None:
        self._problem = problem
        self._keeper = Timekeeper(problem)
        self._repeats = stop.iterations is not None
        self._patience = stop.within((1 if self._repeats else SHARE) * stop.seconds)
        self._began, self._spent_s = perf_counter(), 0.0
        self._rng = np.random.default_rng(seed)
        self._bundle = bundles(problem)
        group, allowed = problem.visits.group, problem.visits.allowed
        alone = np.bincount(group, alone_price(problem), minlength=problem.group_count)
        able = np.bincount(group, ~allowed.any(axis=1), minlength=problem.group_count) == 0
        wanted = able & (problem.unserved_price > CERTAIN * alone)
        self._wanted = wanted[group]
        self._before: Solution | None = None

    def tried(self, routes: Sequence[Ints], *, more: bool) -> Sequence[Ints]:
        """The routes, or those before the last try if it has not paid; if asked for, one more try.

        A try pays if the plan costs less than before when the search has gone over it: who had to
        go for it has found other places by then.
        """
        if self._before is not None:
            now = self._keeper.time(routes).solution
            if now is not None and self._before.cost < now.cost:
                routes = self._before.routes
            self._before = None
        if not (more and self._has_time()):
            return routes
        since = perf_counter()
        made = self.made(routes)
        self._spent_s += perf_counter() - since
        if made is routes:
            return routes
        self._before = self._keeper.time(routes).solution
        return routes if self._before is None else made

    def _has_time(self) -> bool:
        """Whether tries have not had their share yet; a run that is to repeat goes by no clock."""
        return self._repeats or self._spent_s <= SHARE * (perf_counter() - self._began)

    def made(self, routes: Sequence[Ints]) -> Sequence[Ints]:
        """Routes with a job in them that was left out; the same if none is, or it has no room.

        Of jobs that are worth several routes of their own one is drawn, and one of those who may do
        it. All that is on their route, and all that is tied to that, is put in anew after it. What
        has no place any more is left out: the search goes on.
        """
        problem = self._problem
        served = np.zeros(problem.visit_count, np.bool_)
        for row in routes:
            served[row[row < problem.visit_count]] = True
        absent = np.flatnonzero(self._wanted & ~served)
        if not len(absent):
            return routes
        visit = self._rng.choice(absent)
        vehicle = self._rng.choice(np.flatnonzero(problem.visits.allowed[visit]))
        there = routes[vehicle][routes[vehicle] < problem.visit_count]
        goes = np.flatnonzero(np.isin(self._bundle, self._bundle[there]))
        left = [row[~np.isin(row, goes)] for row in routes]
        emptied = self._with(left, vehicle, visit)
        if emptied is None:
            return routes
        filled = Greedy().solve(problem, self._patience, initial=emptied).solution
        if filled is None or visit not in np.concatenate(filled.routes):
            return routes
        return filled.routes

    def _with(self, routes: list[Ints], vehicle: int, visit: int) -> Solution | None:
        """The plan with a visit between the breaks of a vehicle, where it costs least, if it may.

        Of a crew none can be there alone: all its seats are left to what comes after.
        """
        problem = self._problem
        row, best = routes[vehicle], None
        if not len(row):  # unused, so its breaks are not on it
            row = np.flatnonzero(problem.breaks.vehicle == vehicle) + problem.visit_count
        if np.count_nonzero(self._bundle == self._bundle[visit]) > 1:
            return self._keeper.time(routes).solution
        for position in range(len(row) + 1):
            changed = [*routes[:vehicle], np.insert(row, position, visit), *routes[vehicle + 1 :]]
            timed = self._keeper.time(changed).solution
            if timed is not None and (best is None or timed.cost < best.cost):
                best = timed
        return best
