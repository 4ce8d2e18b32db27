"""Regret insertion, and the insertion figures under it."""

from __future__ import annotations

import numpy as np
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st
from tests.solver.drawn import problems, routes
from tests.solver.small import Call, Pause, Small, Tie, Van

from dispatch.solver.engine import Status, Stop
from dispatch.solver.greedy import Greedy
from dispatch.solver.kernels.columns import LENGTH
from dispatch.solver.kernels.construct import total_cost, worst_lateness
from dispatch.solver.kernels.insertion import IMPOSSIBLE, fits, insertion_at
from dispatch.solver.kernels.links import settle, settle_all
from dispatch.solver.kernels.memo import empty_memo, recall
from dispatch.solver.kernels.model import model_of
from dispatch.solver.solution import CostPart
from dispatch.solver.timing import board_of, time_routes

STOP = Stop(seconds=3_600)
"""Compiling kernels on a busy machine counts, too."""


def test_a_visit_before_a_break_may_save_lateness_after_it() -> None:
    """Before the break it turns a rest before leaving into one on the way."""
    small = Small(
        positions=[0, 50],
        vans=[Van(max_duration=150, travel_price=0)],
        calls=[Call(place=1, duration=1, due=100, lateness_price=1), Call(place=0, duration=1)],
        pauses=[Pause(earliest=30, latest=30, duration=20)],
    )
    problem = small.problem()
    model = model_of(problem)
    board = board_of(problem, model, [np.asarray([2, 0])])
    settle_all(model, board)
    memo = empty_memo(board)
    recall(model, board, memo, 0)
    assert insertion_at(model, board, memo, 0, 1, 0, 0, 0, 0).delta == -1


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_an_insertion_costs_what_timing_everything_again_says(data: st.DataObject) -> None:
    small = data.draw(problems(ties=False))
    rows = data.draw(routes(small))
    problem = small.problem()
    missing = [
        visit for visit in range(problem.visit_count) if all(visit not in row for row in rows)
    ]
    assume(missing)
    before = time_routes(problem, rows).solution
    assume(before is not None)
    visit, van = missing[0], data.draw(st.integers(0, problem.vehicle_count - 1))
    position = data.draw(st.integers(0, len(rows[van])))
    rows[van].insert(position, visit)
    after = time_routes(problem, rows).solution
    rows[van].pop(position)

    model = model_of(problem)
    board = board_of(problem, model, [np.asarray(row, dtype=np.int64) for row in rows])
    everywhere = np.ones(problem.vehicle_count, dtype=np.bool_)
    settle(model, board, everywhere, everywhere.copy())
    memo = empty_memo(board)
    recall(model, board, memo, van)
    at = min(position, int(board.routes[van, LENGTH]))
    worst = worst_lateness(board)
    found = insertion_at(model, board, memo, van, visit, 0, worst, at, IMPOSSIBLE)
    if after is None:
        event("impossible")
        assert found.delta == IMPOSSIBLE or not fits(model, board, van, visit)
        return
    event("possible")
    price = int(problem.unserved_price[problem.visits.group[visit]])
    # That the worst lateness falls is not credited: another route may share it.
    fallen = max(0, int((before.costs - after.costs)[CostPart.WORST_LATENESS]))
    assert found.delta == after.cost + price - before.cost + fallen
    refused = insertion_at(model, board, memo, van, visit, 0, worst, at, found.delta + 1)
    assert refused.delta == found.delta, "the bound must never refuse what costs less"
    assert total_cost(model, board) <= before.cost


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(problems())
def test_its_plan_holds_and_never_costs_more_than_staying_at_home(small: Small) -> None:
    problem = small.problem()
    result = Greedy().solve(problem, STOP)
    assert result.status is Status.SOLVED
    assert result.solution is not None
    again = time_routes(problem, result.solution.routes).solution
    assert again is not None
    assert again.cost == result.solution.cost
    event(f"served: {problem.visit_count - result.solution.unserved_visits}")
    nothing = time_routes(problem, [[] for _ in range(problem.vehicle_count)]).solution
    assert nothing is not None
    assert result.solution.cost <= nothing.cost


def test_serves_a_crew_in_step() -> None:
    small = Small(
        positions=[0, 100, 300],
        vans=[Van(start=0), Van(start=2)],
        calls=[Call(place=1, group=0), Call(place=1, group=0), Call(place=2)],
        ties=[Tie(before=0, after=1)],
    )
    solution = Greedy().solve(small.problem(), STOP).solution
    assert solution is not None
    assert solution.unserved_visits == 0
    assert solution.start_s[0] == solution.start_s[1]


def test_keeps_what_it_was_given() -> None:
    small = Small(positions=[0, 100, 200], calls=[Call(place=1), Call(place=2)])
    problem = small.problem()
    given_routes = time_routes(problem, [[1]]).solution
    solution = Greedy().solve(problem, STOP, initial=given_routes).solution
    assert solution is not None
    assert sorted(solution.routes[0].tolist()) == [0, 1]


def test_stops_after_so_many_placements() -> None:
    small = Small(positions=[0, 100, 200], calls=[Call(place=1), Call(place=2)])
    result = Greedy().solve(small.problem(), Stop(seconds=3_600, iterations=1))
    assert result.solution is not None
    assert result.solution.unserved_visits == 1


def test_leaves_out_what_costs_more_than_it_is_worth() -> None:
    small = Small(positions=[0, 100], calls=[Call(place=1)], unserved=199)
    result = Greedy().solve(small.problem(), STOP)
    assert result.solution is not None
    assert result.solution.unserved_visits == 1
