"""The engine `greedy`: regret insertion. Quick, deterministic, and the start of the others."""

from __future__ import annotations

from time import perf_counter

import numpy as np

from dispatch.solver.arrays import Ints
from dispatch.solver.engine import Report, Result, Status, Step, Stop
from dispatch.solver.kernels.board import scratch
from dispatch.solver.kernels.columns import FIRST_VISIT, VEHICLE
from dispatch.solver.kernels.construct import empty_table, place_singles
from dispatch.solver.kernels.crews import place_group
from dispatch.solver.kernels.links import settle_all
from dispatch.solver.kernels.memo import empty_memo
from dispatch.solver.kernels.model import Model, model_of
from dispatch.solver.kernels.timing import FINE
from dispatch.solver.problem import Problem
from dispatch.solver.solution import Solution
from dispatch.solver.timing import board_of, solution_of, time_routes

CHUNK = 64
"""Groups placed between two looks at the clock."""


class Greedy:
    """Crews and jobs tied to others first, by urgency; then all others by regret."""

    name = "greedy"

    def solve(
        self,
        problem: Problem,
        stop: Stop,
        *,
        seed: int = 0,  # noqa: ARG002 - every engine takes one
        initial: Solution | None = None,
        report: Report | None = None,
    ) -> Result:
        """Place what is not in ``initial``. ``seed`` has no effect: nothing is drawn."""
        begin = perf_counter()
        model = model_of(problem)
        rows = initial.routes if initial else [np.zeros(0, np.int64)] * problem.vehicle_count
        board = board_of(problem, model, rows)
        everywhere = np.ones(problem.vehicle_count, np.bool_)
        if settle_all(model, board) != FINE:
            return Result(status=Status.FAILED, solution=None, message="the start is infeasible")
        spare, inner, memo = scratch(board), scratch(board), empty_memo(board)
        limit = stop.iterations if stop.iterations is not None else problem.group_count
        placed = 0

        def is_over() -> bool:
            return perf_counter() - begin >= stop.seconds or stop.called_off()

        for group in tied_groups(problem, model):
            if placed >= limit or is_over():
                break
            if board.stops[model.groups[group, FIRST_VISIT], VEHICLE] < 0 and _ready(
                problem, board.stops[:, VEHICLE], group
            ):
                placed += place_group(model, board, spare, inner, memo, group, everywhere)
        table = empty_table(model, board)
        while placed < limit and not is_over():
            count = place_singles(
                model, board, spare, memo, table, everywhere, min(CHUNK, limit - placed)
            )
            placed += count
            if count < CHUNK:
                break
        timed = time_routes(problem, solution_of(problem, model, board).routes)
        return _result(timed.solution, perf_counter() - begin, placed, report)


def tied_groups(problem: Problem, model: Model) -> list[int]:
    """Groups with links, those that others depend on first, then dear ones, then early ones."""
    visits, links = problem.visits, problem.links
    tied = np.unique(visits.group[np.concatenate((links.before, links.after))])
    depth = depths(problem)
    closing = visits.windows.end_s[visits.windows.offset[1:] - 1]
    urgent = np.minimum(closing, visits.due_s)[model.groups[:-1, FIRST_VISIT]]
    keys = (urgent[tied], -problem.unserved_price[tied], depth[tied])
    return [int(group) for group in tied[np.lexsort(keys)]]


def depths(problem: Problem) -> Ints:
    """How many jobs must come before each group, along the longest chain."""
    depth = np.zeros(problem.group_count, np.int64)
    before = problem.visits.group[problem.links.before]
    after = problem.visits.group[problem.links.after]
    between = before != after
    for _ in range(problem.group_count):
        deeper = depth.copy()
        np.maximum.at(deeper, after[between], depth[before[between]] + 1)
        if (deeper == depth).all():
            break
        depth = deeper
    return depth


def _ready(problem: Problem, vehicle_of: Ints, group: int) -> bool:
    """Whether every job that this one depends on is placed."""
    after = problem.visits.group[problem.links.after]
    before = problem.links.before[after == group]
    outside = before[problem.visits.group[before] != group]
    return bool((vehicle_of[outside] >= 0).all())


def _result(
    solution: Solution | None, seconds: float, placed: int, report: Report | None
) -> Result:
    if solution is None:
        return Result(status=Status.FAILED, solution=None, message="the routes do not hold")
    if report:
        report(seconds, solution)
    return Result(
        status=Status.SOLVED,
        solution=solution,
        curve=(Step(seconds, solution.cost, solution.unserved_visits),),
        seconds=seconds,
        iterations=placed,
    )
