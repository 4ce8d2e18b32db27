"""The best solution so far, by the exact timing, and the curve that led to it."""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter

import numpy.typing as npt

from dispatch.solver.engine import Report, Result, Status, Step
from dispatch.solver.problem import Problem
from dispatch.solver.solution import Solution
from dispatch.solver.timing import Timekeeper


class Incumbent:
    """Takes routes, keeps them if they hold and cost less, and tells whoever listens."""

    def __init__(self, problem: Problem, report: Report | None) -> None:
        self.solution: Solution | None = None
        self.curve: list[Step] = []
        self.stopped = False
        self._keeper = Timekeeper(problem)
        self._report = report
        self._begin = perf_counter()

    @property
    def seconds(self) -> float:
        """Since the run began."""
        return perf_counter() - self._begin

    def offer_routes(self, routes: Sequence[npt.ArrayLike]) -> bool:
        """Time routes from scratch, by the rules: a search may think in a nearer or older model."""
        timed = self._keeper.time(routes)
        if timed.solution is not None:
            self.offer(timed.solution)
        return not self.stopped

    def offer(self, solution: Solution) -> bool:
        """Keep a solution that is better; answers whether to go on."""
        if self.solution is not None and solution.cost >= self.solution.cost:
            return not self.stopped
        self.solution = solution
        seconds = self.seconds
        self.curve.append(Step(seconds, solution.cost, solution.unserved_visits))
        if self._report is not None and not self._report(seconds, solution):
            self.stopped = True
        return not self.stopped

    def result(self, iterations: int = 0, message: str = "") -> Result:
        """The answer of the run, as it stands."""
        status = Status.SOLVED
        if self.stopped:
            status = Status.INTERRUPTED
        elif self.solution is None:
            status = Status.FAILED
        return Result(
            status=status,
            solution=self.solution,
            curve=tuple(self.curve),
            seconds=self.seconds,
            iterations=iterations,
            message=message,
        )
