"""The engine `cpsat`: small days to the end, with a proof."""

from __future__ import annotations

import math
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from threading import Event, Thread

from ortools.sat.python import cp_model

from dispatch import texts
from dispatch.solver.bounds import lower_bound
from dispatch.solver.cpsat.costs import add_costs
from dispatch.solver.cpsat.model import DayModel, new_model, size_of
from dispatch.solver.cpsat.parameters import new_solver
from dispatch.solver.cpsat.reading import hint, read_routes
from dispatch.solver.cpsat.times import Times, add_times
from dispatch.solver.engine import Report, Result, Status, Stop
from dispatch.solver.greedy import Greedy
from dispatch.solver.incumbent import Incumbent
from dispatch.solver.problem import Problem
from dispatch.solver.solution import Solution

MOST_ARCS = 20_000
"""Ways between visits, over all vehicles: a larger model finds nothing in any usual time."""
SHARE_FOR_BOUND = 0.1
"""Of the time, for a bound that does not need the model."""
EFFORT_OF_ITERATION = 0.01
"""Of the library's deterministic time: what one iteration is."""
LISTENS_S = 0.1
"""How long it may take until a search hears that it is called off."""


class Cpsat:
    """Proves the best plan of a small day; of a larger one gives the start and a lower bound.

    Deterministic with a seed and a limit on iterations, each of them a hundredth of a second of a
    usual core.
    """

    name = "cpsat"

    def solve(
        self,
        problem: Problem,
        stop: Stop,
        *,
        seed: int,
        initial: Solution | None = None,
        report: Report | None = None,
    ) -> Result:
        """Improve on ``initial`` and on regret insertion until ``stop`` or the proof."""
        incumbent = Incumbent(problem, report)
        if initial is not None:
            incumbent.offer(initial)
        first = Greedy().solve(problem, stop.within(stop.seconds), seed=seed, initial=initial)
        if first.solution is not None:
            incumbent.offer(first.solution)
        if stop.called_off():
            incumbent.stopped = True
        if incumbent.solution is None or incumbent.stopped:
            return incumbent.result(message=first.message)
        bound = lower_bound(problem, SHARE_FOR_BOUND * stop.seconds)
        effort, message = 0.0, ""
        if bound < incumbent.solution.cost:
            found, effort, message = _search(problem, stop, incumbent, seed)
            bound = max(bound, found)
        result = incumbent.result(int(effort / EFFORT_OF_ITERATION), message)
        return _judged(result, bound)


def _search(
    problem: Problem, stop: Stop, incumbent: Incumbent, seed: int
) -> tuple[int, float, str]:
    """A bound, the effort it took, and why there is none where there is none."""
    arcs = size_of(problem)
    if arcs > MOST_ARCS:
        return 0, 0.0, texts.say("engine.too-large.cause", arcs=arcs, most=MOST_ARCS)
    if len(problem.speeds.from_s):
        return 0, 0.0, texts.say("engine.by-hour.cause")
    model = new_model(problem)
    times = add_times(model)
    add_costs(model, times)
    if incumbent.solution is not None:
        hint(model, times, incumbent.solution)
    left = stop.seconds - incumbent.seconds
    if left <= 0 or model.cp.validate():
        code = "no-time" if left <= 0 else "huge-sums"
        return 0, 0.0, texts.say(f"engine.{code}.cause")
    limit = None if stop.iterations is None else stop.iterations * EFFORT_OF_ITERATION
    solver = new_solver(seed, seconds=left, effort=limit)
    with _heard(stop, solver):
        solver.solve(model.cp, _Watch(model, times, incumbent))
    incumbent.stopped = incumbent.stopped or stop.called_off()
    return _bound_of(solver), solver.deterministic_time, ""


@contextmanager
def _heard(stop: Stop, solver: cp_model.CpSolver) -> Generator[None]:
    """End the search within moments of being called off; between two plans it asks nobody."""
    over = Event()

    def listen() -> None:
        while not over.wait(LISTENS_S):
            if stop.called_off():
                solver.stop_search()

    listener = Thread(target=listen, daemon=True)
    listener.start()
    try:
        yield
    finally:
        over.set()
        listener.join()


class _Watch(cp_model.CpSolverSolutionCallback):
    """Offers each plan that the library finds, and stops it when told to."""

    def __init__(self, model: DayModel, times: Times, incumbent: Incumbent) -> None:
        super().__init__()
        self._model = model
        self._times = times
        self._incumbent = incumbent

    def on_solution_callback(self) -> None:
        """Time the routes by the rules: the model lets times float."""
        if not self._incumbent.offer_routes(read_routes(self._model, self._times, self.value)):
            self.stop_search()


def _bound_of(solver: cp_model.CpSolver) -> int:
    """What the model proves; a float, so rounded down."""
    bound = solver.best_objective_bound
    return math.floor(bound) if math.isfinite(bound) and bound > 0 else 0


def _judged(result: Result, bound: int) -> Result:
    """Optimal where the plan, as the truth has it, costs no more than the bound."""
    if result.solution is None:
        return result
    status = result.status
    if result.solution.cost <= bound and status is Status.SOLVED:
        status = Status.OPTIMAL
    return replace(result, status=status, lower_bound=bound)
