"""What a peer's routes come to."""

from __future__ import annotations

from collections.abc import Sequence

from dispatch.bench.features import Feature, features
from dispatch.solver.engine import Result, Status, Step
from dispatch.solver.problem import Problem
from dispatch.solver.timing import time_routes


def cannot(problem: Problem, expresses: frozenset[Feature]) -> Result | None:
    """The answer to a problem that a peer cannot express; None where it can.

    A benchmark asks before it runs. The child process does not: it rehearses every engine on a
    small problem with something of everything.
    """
    lacks = features(problem) - expresses
    if not lacks:
        return None
    # The rehearsal ends here: let it load our timing, as it does for engines that use it.
    time_routes(problem, [[]] * problem.vehicle_count)
    message = f"inexpressible: {', '.join(sorted(lacks))}"
    return Result(status=Status.FAILED, solution=None, message=message)


def answer(
    problem: Problem,
    routes: Sequence[Sequence[int]] | None,
    *,
    seconds: float,
    iterations: int = 0,
) -> Result:
    """Time routes of visits, one for each vehicle, and answer for them.

    Without routes, or with routes that break a rule, the run has failed and says why.
    """
    if routes is None:
        return Result(status=Status.FAILED, solution=None, seconds=seconds, message="infeasible")
    timed = time_routes(problem, routes)
    if timed.solution is None:
        broken = ", ".join(sorted({violation.rule for violation in timed.violations}))
        return Result(
            status=Status.FAILED, solution=None, seconds=seconds, message=f"infeasible: {broken}"
        )
    solution = timed.solution
    return Result(
        status=Status.SOLVED,
        solution=solution,
        curve=(Step(seconds, solution.cost, solution.unserved_visits),),
        seconds=seconds,
        iterations=iterations,
    )
