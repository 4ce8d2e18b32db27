"""The engine `ortools`."""

from __future__ import annotations

from typing import Any

from dispatch import texts
from dispatch.solver.ctrl_c import ctrl_c_kept
from dispatch.solver.engine import Report, Result, Stop
from dispatch.solver.greedy import Greedy
from dispatch.solver.incumbent import Incumbent
from dispatch.solver.ortools_routing.costs import add_costs
from dispatch.solver.ortools_routing.limits import add_limits
from dispatch.solver.ortools_routing.model import RoutingModel
from dispatch.solver.ortools_routing.routes import read_routes, start_assignment
from dispatch.solver.ortools_routing.search import Watch, limit_time, search_parameters
from dispatch.solver.ortools_routing.ties import add_ties
from dispatch.solver.ortools_routing.times import add_times
from dispatch.solver.problem import Problem
from dispatch.solver.solution import Solution

SHARE_OF_TIME = 0.9
"""Given to the library, which looks at its clock only between neighbourhoods."""


class Ortools:
    """Guided local search of the routing library, from the plan of regret insertion.

    A seed has no effect: the library's search draws nothing.
    """

    name = "ortools"

    def solve(
        self,
        problem: Problem,
        stop: Stop,
        *,
        seed: int,
        initial: Solution | None = None,
        report: Report | None = None,
    ) -> Result:
        """Improve on ``initial`` and on regret insertion until ``stop``."""
        incumbent = Incumbent(problem, report)
        if initial is not None:
            incumbent.offer(initial)
        first = Greedy().solve(problem, stop.within(stop.seconds), seed=seed, initial=initial)
        if first.solution is not None:
            incumbent.offer(first.solution)
        if stop.called_off():
            incumbent.stopped = True
        if not problem.vehicle_count or not problem.visit_count or incumbent.stopped:
            return incumbent.result()
        solutions, message = search(problem, stop, incumbent)
        if stop.called_off():
            incumbent.stopped = True
        _fill_up(problem, stop, incumbent)
        return incumbent.result(solutions, message)


def search(problem: Problem, stop: Stop, incumbent: Incumbent) -> tuple[int, str]:
    """Build the model and search; answers how many solutions it saw and what it could not do."""
    model = RoutingModel.of(problem, incumbent.solution)
    breaks = add_model(model)
    watch = Watch(model, breaks, incumbent, stop)
    model.routing.AddAtSolutionCallback(watch)
    parameters = search_parameters(stop)
    model.routing.CloseModelWithParameters(parameters)
    start = start_assignment(model)
    left = stop.seconds * SHARE_OF_TIME - incumbent.seconds
    if left <= 0:
        return 0, texts.say("engine.no-time.cause")
    limit_time(parameters, left)
    with ctrl_c_kept():
        if start is None:
            found, message = model.routing.SolveWithParameters(parameters), _refusal(model)
        else:
            found, message = model.routing.SolveFromAssignmentWithParameters(start, parameters), ""
    if found is not None:
        incumbent.offer_routes(read_routes(model, breaks, found))
    return watch.solutions, message


def _refusal(model: RoutingModel) -> str:
    return "" if model.start is None else texts.say("engine.start-refused.cause")


def _fill_up(problem: Problem, stop: Stop, incumbent: Incumbent) -> None:
    """Place what there is room for after all: the library may stop before it has looked."""
    left = stop.seconds - incumbent.seconds
    if incumbent.solution is None or incumbent.stopped or left <= 0:
        return
    filled = Greedy().solve(problem, stop.within(left), initial=incumbent.solution)
    if filled.solution is not None:
        incumbent.offer(filled.solution)


def add_model(model: RoutingModel) -> list[Any]:
    """All rules and prices; answers the interval of each break."""
    add_costs(model)
    add_limits(model)
    breaks = add_times(model)
    add_ties(model)
    return breaks
