"""Drawn problems of which a part is simple, and plans of them that the kernels can work on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st
from tests.solver.drawn import problems
from tests.solver.small import Call, Small, Van

from dispatch.solver.arrays import NEVER, Ints
from dispatch.solver.engine import Stop
from dispatch.solver.greedy import Greedy
from dispatch.solver.kernels.board import Board, full_copy
from dispatch.solver.kernels.links import settle_all
from dispatch.solver.kernels.memo import Memo, empty_memo
from dispatch.solver.kernels.model import Model, model_of
from dispatch.solver.kernels.strings.columns import MOVABLE
from dispatch.solver.kernels.strings.ground import Ground, ground_of
from dispatch.solver.kernels.strings.segments import Tracks, empty_tracks, refresh
from dispatch.solver.kernels.strings.tally import Tally, tally_of
from dispatch.solver.kernels.timing import FINE
from dispatch.solver.lns.neighbours import near_lists
from dispatch.solver.lns.strings import _hold_tied
from dispatch.solver.problem import Problem
from dispatch.solver.timing import board_of, time_routes


def plain(call: Call) -> Call:
    """The same, without what makes its route one that must be walked."""
    window = (call.windows[0][0], call.windows[-1][1])
    return replace(call, windows=[window], preferred=(), due=NEVER, rank=-1, setup=0)


def roomy(van: Van) -> Van:
    """The same, without what makes its routes ones whose times must be known."""
    return replace(
        van,
        max_duration=NEVER,
        max_travel=NEVER,
        max_visits=NEVER,
        capacity=[100] * np.size(van.capacity),
        time_price=0,
        overtime_price=0,
        unfairness_price=0,
    )


@st.composite
def days(draw: st.DrawFn, ties: bool = True) -> Small:
    """As `problems`; but of some days everything is plain, and of others a part."""
    small = draw(problems(most_calls=8, ties=ties))
    wishes = draw(st.sampled_from([0, 0, 1, 3]))
    return replace(
        small,
        vans=[roomy(van) for van in small.vans] if draw(st.booleans()) else small.vans,
        calls=[call if at < wishes else plain(call) for at, call in enumerate(small.calls)],
        pauses=[pause for pause in small.pauses if pause.van < wishes],
        told=[told for told in small.told if told.call < wishes],
        unserved=draw(st.sampled_from([small.unserved, 100, 10_000])),
    )


class Ready(NamedTuple):
    """A plan that holds, with all that kernels ask about it."""

    ground: Ground
    model: Model
    board: Board
    memo: Memo
    tracks: Tracks
    tally: Tally


def ready(problem: Problem, routes: Sequence[Ints]) -> Ready:
    """The plan with these routes; what is tied stays where it is in time."""
    model, ground = model_of(problem), ground_of(problem, *near_lists(problem))
    board = board_of(problem, model, routes)
    assert settle_all(model, board) == FINE
    _hold_tied(problem, board.stops)
    tracks = empty_tracks(board, problem.visit_count + problem.break_count)
    for vehicle in range(problem.vehicle_count):
        assert refresh(ground, model, board, tracks, vehicle) == FINE
    return Ready(ground, model, board, empty_memo(board), tracks, tally_of(ground, board))


def copied(plan: Ready) -> Ready:
    """The same plan, to be changed."""
    tracks = Tracks(*(array.copy() for array in plan.tracks))
    tally = Tally(*(array.copy() for array in plan.tally))
    return plan._replace(board=full_copy(plan.board), tracks=tracks, tally=tally)


def first_routes(problem: Problem) -> tuple[Ints, ...]:
    """Those of regret insertion."""
    solution = Greedy().solve(problem, Stop(seconds=3_600)).solution
    assert solution is not None
    return solution.routes


def thinned(problem: Problem, data: st.DataObject) -> list[Ints]:
    """The first routes, and some visits that are not tied to others left out."""
    routes = first_routes(problem)
    hot = ground_of(problem, *near_lists(problem)).hot
    movable = np.flatnonzero(hot[:, MOVABLE] == 1).tolist()
    gone = data.draw(st.sets(st.sampled_from(movable))) if movable else set()
    rows = [row[~np.isin(row, list(gone))] for row in routes]
    # Without what came before, a break may come too early.
    assume(time_routes(problem, rows).solution is not None)
    return rows


def grown(problem: Problem, data: st.DataObject) -> list[Ints]:
    """Routes that hold, each visit at a place drawn for it; of a problem without ties."""
    count = problem.visit_count
    rows = [
        np.flatnonzero(problem.breaks.vehicle == vehicle) + count
        for vehicle in range(problem.vehicle_count)
    ]
    for visit in data.draw(st.permutations(range(count))):
        vehicle = data.draw(st.integers(0, len(rows) - 1))
        longer = list(rows)
        position = data.draw(st.integers(0, len(rows[vehicle])))
        longer[vehicle] = np.insert(rows[vehicle], position, visit)
        if time_routes(problem, longer).solution is not None:
            rows = longer
    return rows
