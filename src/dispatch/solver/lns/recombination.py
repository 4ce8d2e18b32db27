"""Putting routes of many plans together to one that is better, now and then in a run."""

from __future__ import annotations

from collections.abc import Sequence

from dispatch.solver.arrays import Ints
from dispatch.solver.cpsat.pool import RoutePool
from dispatch.solver.cpsat.recombine import recombine
from dispatch.solver.engine import Stop
from dispatch.solver.problem import Problem

AT = (0.7, 0.85, 0.95)
"""Parts of a cycle: while a search is hot, nothing would stay of a better plan."""
EFFORT = 0.3
"""Of CP-SAT for one recombination, in its deterministic seconds."""
SHARE = 0.03
"""The part of a cycle's time that one may take."""


class Recombination:
    """Collects routes, and says when there is a better plan in them."""

    def __init__(self, problem: Problem, stop: Stop, seed: int) -> None:
        self._problem = problem
        self._pool = RoutePool(problem)
        # By the clock, a run that is to repeat would not.
        self._seconds = SHARE * stop.seconds if stop.iterations is None else stop.seconds
        self._seed = seed
        self._done = 0

    def collect(self, routes: Sequence[Ints], costs: Ints) -> None:
        """Keep the routes of a plan."""
        self._pool.add(routes, costs)

    def due(self, cycle: int, cycled: float) -> bool:
        """Whether it is time, at this part of a cycle."""
        ripe = len(AT) * cycle + sum(cycled >= part for part in AT)
        if ripe <= self._done:
            return False
        self._done = ripe
        return True

    def better(self, routes: Sequence[Ints], cycles: int) -> list[Ints] | None:
        """Routes of a plan that should cost less than the given one, in a run of such cycles."""
        return recombine(
            self._problem,
            self._pool,
            routes,
            seed=self._seed,
            seconds=self._seconds / cycles,
            effort=EFFORT,
        )
