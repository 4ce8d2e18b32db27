"""Putting routes of many plans together to one that is better, now and then in a run."""

from __future__ import annotations

from collections.abc import Sequence

from dispatch.solver.arrays import Ints
from dispatch.solver.cpsat.pool import RoutePool
from dispatch.solver.cpsat.recombine import recombine
from dispatch.solver.problem import Problem

FROM = 0.3
"""The part of the run after which routes are worth keeping."""
EVERY = 0.08
"""Of the run."""
UNTIL = 0.97
EFFORT = 0.3
"""Of CP-SAT for one recombination, in its deterministic seconds."""
SHARE = 0.03
"""The part of the run's time that one may take."""


class Recombination:
    """Collects routes, and says when there is a better plan in them."""

    def __init__(self, problem: Problem, seconds: float, seed: int) -> None:
        self._problem = problem
        self._pool = RoutePool(problem)
        self._seconds = SHARE * seconds
        self._seed = seed
        self._next = FROM + EVERY

    def collect(self, routes: Sequence[Ints], costs: Ints) -> None:
        """Keep the routes of a plan."""
        self._pool.add(routes, costs)

    def due(self, progress: float) -> bool:
        """Whether it is time, at this part of the run."""
        if progress < self._next or progress > UNTIL:
            return False
        self._next = progress + EVERY
        return True

    def better(self, routes: Sequence[Ints]) -> list[Ints] | None:
        """Routes of a plan that should cost less than the given one."""
        return recombine(
            self._problem,
            self._pool,
            routes,
            seed=self._seed,
            seconds=self._seconds,
            effort=EFFORT,
        )
