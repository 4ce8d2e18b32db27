"""Ruin and recreate where near visits have near numbers."""

from __future__ import annotations

from collections.abc import Sequence

from dispatch.solver.arrays import Ints
from dispatch.solver.engine import Stop
from dispatch.solver.lns.parameters import LnsParameters
from dispatch.solver.lns.strings import StringSearch
from dispatch.solver.partition.reorder import reordered
from dispatch.solver.problem import Problem


class RenumberedSearch:
    """A :class:`StringSearch` that has its own numbers for visits; nobody else sees them."""

    def __init__(
        self,
        problem: Problem,
        routes: Sequence[Ints],
        parameters: LnsParameters,
        stop: Stop,
        seed: int,
    ) -> None:
        self._part = reordered(problem)
        inside = self._part.inside(routes)
        self._search = StringSearch(self._part.problem, inside, parameters, stop, seed)

    def run(self, iterations: int, progress: float) -> bool:
        """As :meth:`StringSearch.run`."""
        return self._search.run(iterations, progress)

    def recombine(self, progress: float) -> bool:
        """As :meth:`StringSearch.recombine`."""
        return self._search.recombine(progress)

    def step(self, iterations: int, cycled: float) -> bool:
        """As :meth:`StringSearch.step`."""
        return self._search.step(iterations, cycled)

    def put_together(self, cycle: int, cycled: float, cycles: int) -> bool:
        """As :meth:`StringSearch.put_together`."""
        return self._search.put_together(cycle, cycled, cycles)

    def best_routes(self) -> tuple[Ints, ...]:
        """The routes of the best plan."""
        return self._outside(self._search.best_routes())

    def current_routes(self) -> tuple[Ints, ...]:
        """The routes of the plan as it is now."""
        return self._outside(self._search.current_routes())

    @property
    def best_cost(self) -> int:
        """Cost units, of the best plan."""
        return self._search.best_cost

    def _outside(self, routes: tuple[Ints, ...]) -> tuple[Ints, ...]:
        return tuple(row for _, row in self._part.outside(routes))

    def is_cool(self, progress: float) -> bool:
        """As :meth:`StringSearch.is_cool`."""
        return self._search.is_cool(progress)

    def take(self, routes: Sequence[Ints]) -> None:
        """As :meth:`StringSearch.take`."""
        self._search.take(self._part.inside(routes))
