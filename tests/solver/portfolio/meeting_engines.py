"""Engines that meet others, for the tests of the portfolio. A rehearsal is alone."""

from __future__ import annotations

import os
import time

from tests.solver.child.bad_engines import Bad, one_each

from dispatch.solver.arrays import Ints
from dispatch.solver.engine import Exchange, Report, Result, Status, Stop
from dispatch.solver.problem import Problem
from dispatch.solver.solution import Solution
from dispatch.solver.timing import time_routes


class Learns:
    """Serves nobody, meets the others, and says what came of it."""

    name = "learns"

    def __init__(self) -> None:
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
        if self.exchange is None:
            return Result(status=Status.SOLVED, solution=None)
        assert report is not None
        own = self.plan(problem)
        report(0.0, own)
        taken = self.meet(self.exchange)
        if taken is None:
            return Result(status=Status.SOLVED, solution=own, message="nothing new")
        assert [row.tolist() for row in taken] == [row.tolist() for row in one_each(problem).routes]
        return Result(status=Status.SOLVED, solution=own, message="taken over")

    def plan(self, problem: Problem) -> Solution:
        nobody = time_routes(problem, [[] for _ in range(problem.vehicle_count)]).solution
        assert nobody is not None
        return nobody

    def meet(self, exchange: Exchange) -> tuple[Ints, ...] | None:
        return exchange(1.0)


class Knows(Learns):
    """Has the best plan from the start."""

    def plan(self, problem: Problem) -> Solution:
        return one_each(problem)


class KnowsAndKeepsAway(Knows):
    def meet(self, exchange: Exchange) -> tuple[Ints, ...] | None:
        time.sleep(2)
        return None


class KeepsAsking(Learns):
    def meet(self, exchange: Exchange) -> tuple[Ints, ...] | None:
        for _ in range(15):
            taken = exchange(1.0)
            if taken is not None:
                return taken
            time.sleep(0.1)
        return None


class DiesOnTheWay(Learns):
    def meet(self, exchange: Exchange) -> tuple[Ints, ...] | None:
        os._exit(3)


class Proves(Bad):
    def misbehave(self, problem: Problem, good: Solution, report: Report) -> Result:
        return Result(status=Status.OPTIMAL, solution=good, lower_bound=7)


class Says(Learns):
    """Says which of those side by side it is."""

    def __init__(self) -> None:
        super().__init__()
        self.member = -1

    def solve(
        self,
        problem: Problem,
        stop: Stop,
        *,
        seed: int,
        initial: Solution | None = None,
        report: Report | None = None,
    ) -> Result:
        message = f"I am {self.member}"
        return Result(status=Status.SOLVED, solution=one_each(problem), message=message)


class SaysCores(Bad):
    """Says how many cores it may use."""

    cores: int | None = 0

    def misbehave(self, problem: Problem, good: Solution, report: Report) -> Result:
        return Result(status=Status.SOLVED, solution=good, message=f"{self.cores} cores")
