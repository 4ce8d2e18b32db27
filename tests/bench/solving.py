"""Engines run in this process, so that tests are quick and their faults are ours."""

from __future__ import annotations

from dispatch.solver.engine import Report, Result, Status, Stop
from dispatch.solver.greedy import Greedy
from dispatch.solver.problem import Problem


def solve_here(
    engine: str, problem: Problem, stop: Stop, *, seed: int, report: Report | None = None
) -> Result:
    """Solve with regret insertion, whatever the engine."""
    return Greedy().solve(problem, stop, seed=seed, report=report)


def solve_nothing(
    engine: str, problem: Problem, stop: Stop, *, seed: int, report: Report | None = None
) -> Result:
    """Fail, as an engine that crashed does."""
    return Result(status=Status.FAILED, solution=None, message="crashed")
