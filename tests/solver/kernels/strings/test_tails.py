"""Exchanging the tails of two routes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st
from tests.solver.kernels.strings.days import Ready, copied, days, grown, ready
from tests.solver.small import Call, Small, Van

from dispatch.solver.kernels.board import Board
from dispatch.solver.kernels.columns import COST, LENGTH, VEHICLE, VISITS
from dispatch.solver.kernels.strings.tails import exchange_tails, swap_tails
from dispatch.solver.kernels.strings.tally import TOUCHED, look_again
from dispatch.solver.timing import time_routes

PARTNERS = 10


def rows_of(board: Board) -> list[list[int]]:
    return [
        row[:length].tolist()
        for row, length in zip(board.sequence, board.routes[:, LENGTH], strict=True)
    ]


def plan_rows(board: Board) -> list[list[int]]:
    """As a solution has them: a route without visits is empty."""
    return [
        row if visits else []
        for row, visits in zip(rows_of(board), board.routes[:, VISITS], strict=True)
    ]


def note_all(plan: Ready) -> None:
    for visit in np.flatnonzero(plan.board.stops[:, VEHICLE] >= 0).tolist():
        look_again(plan.tally, visit)


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(days(ties=False), st.data())
def test_swapped_twice_all_is_as_it_was(small: Small, data: st.DataObject) -> None:
    assume(len(small.vans) >= 2)
    problem = replace(small, pauses=()).problem()
    one, two = data.draw(st.permutations(range(problem.vehicle_count)))[:2]
    plan = ready(problem, grown(problem, data))
    lengths = plan.board.routes[:, LENGTH]
    cut, other_cut = (data.draw(st.integers(0, int(lengths[at]))) for at in (one, two))
    changed = copied(plan).board
    swap_tails(plan.model, changed, one, cut, two, other_cut)
    before, after = rows_of(plan.board), rows_of(changed)
    assert after[one] == before[one][:cut] + before[two][other_cut:]
    assert after[two] == before[two][:other_cut] + before[one][cut:]
    for vehicle, row in enumerate(after):
        visits = [activity for activity in row if activity < problem.visit_count]
        assert changed.routes[vehicle, VISITS] == len(visits)
        assert changed.load[vehicle].tolist() == problem.visits.load[visits].sum(axis=0).tolist()
        assert (changed.stops[visits, VEHICLE] == vehicle).all()
    swap_tails(plan.model, changed, one, cut, two, other_cut)
    assert rows_of(changed) == before
    assert changed.load.tolist() == plan.board.load.tolist()
    assert changed.routes[:, VISITS].tolist() == plan.board.routes[:, VISITS].tolist()
    assert changed.stops[:, VEHICLE].tolist() == plan.board.stops[:, VEHICLE].tolist()


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(days(ties=False), st.data())
def test_exchanges_hold_and_only_save(small: Small, data: st.DataObject) -> None:
    problem = small.problem()
    plan = ready(problem, grown(problem, data))
    changed = copied(plan)
    note_all(changed)
    exchange_tails(plan.ground, plan.model, changed.board, changed.tracks, changed.tally, PARTNERS)
    saved = plan.board.routes[:, COST].sum() - changed.board.routes[:, COST].sum()
    differs = rows_of(changed.board) != rows_of(plan.board)
    assert saved > 0 if differs else saved == 0
    assert time_routes(problem, plan_rows(changed.board)).solution is not None
    touched = changed.tally.routes[: changed.tally.counts[TOUCHED]].tolist()
    for vehicle, (was, now) in enumerate(
        zip(rows_of(plan.board), rows_of(changed.board), strict=True)
    ):
        assert was == now or vehicle in touched
    assert not changed.tally.looked_at.any()
    event(f"differs: {differs}")


def test_crossed_routes_are_uncrossed() -> None:
    small = Small(
        positions=(0, 100, 200, 1_000, 1_100),
        vans=(Van(start=0, end=0), Van(start=3, end=3)),
        calls=(Call(place=1), Call(place=2), Call(place=4), Call(place=4)),
    )
    problem = small.problem()
    plan = ready(problem, [np.array([0, 2]), np.array([3, 1])])
    note_all(plan)
    exchange_tails(plan.ground, plan.model, plan.board, plan.tracks, plan.tally, PARTNERS)
    assert rows_of(plan.board) == [[0, 1], [3, 2]]
