"""Annealing over moves: whatever it keeps holds and costs what timing everything again says."""

from __future__ import annotations

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from tests.solver.drawn import problems
from tests.solver.small import Call, Pace, Pause, Small, Tie, Van

from dispatch.solver.engine import Stop
from dispatch.solver.greedy import Greedy
from dispatch.solver.kernels.moves.anneal import plan_cost
from dispatch.solver.kernels.moves.columns import LEFT_OUT, NEXT
from dispatch.solver.lns.moves import MovesSearch, routes_of
from dispatch.solver.lns.parameters import MovesParameters
from dispatch.solver.problem import Problem
from dispatch.solver.timing import time_routes

FOREVER = 3_600
HOT = 1e6
BOLD = MovesParameters(put_in=0.3, take_out=0.2, crew=0.2, shift_break=0.2)


def search_of(problem: Problem, seed: int) -> MovesSearch:
    first = Greedy().solve(problem, Stop(seconds=FOREVER)).solution
    assert first is not None
    return MovesSearch(problem, first.routes, BOLD, seed)


def check(problem: Problem, search: MovesSearch) -> None:
    timed = time_routes(problem, routes_of(problem, search.plan.nodes[:, NEXT]))
    assert timed.solution is not None, timed.violations
    assert plan_cost(search.model, search.plan) == timed.solution.cost


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(problems(most_calls=8), st.integers(0, 99), st.sampled_from([1e-9, 100.0, HOT]))
def test_cost_by_changes_is_cost_from_scratch(small: Small, seed: int, temperature: float) -> None:
    problem = small.problem()
    search = search_of(problem, seed)
    check(problem, search)
    for _ in range(5):
        search.walk(60, temperature)
        check(problem, search)
    event(f"kept: {search.tally[:, 2].sum() > 0}")


def busy_day() -> Small:
    """Two crews in step, one in sequence that another job waits for, breaks and singles."""
    calls = [
        Call(place=1 + at % 6, group=group, duration=40 + at, due=900 + 60 * at, lateness_price=2)
        for at, group in enumerate([0, 0, 1, 1, 2, 2, 2, 3, 4, 5, 6, 7, 8, 9])
    ]
    return Small(
        positions=[0, 30, 90, 150, 220, 300, 420],
        vans=[Van(latest=3_000, end_s=2_000, time_price=1, overtime_price=2) for _ in range(4)],
        calls=calls,
        ties=[
            Tie(before=0, after=1),
            Tie(before=2, after=3),
            Tie(before=4, after=5, low=10, high=60),
            Tie(before=5, after=6, from_end=True, high=200),
            Tie(before=6, after=7, from_end=True, low=30, high=2**40),
            Tie(before=8, after=9, low=20, high=300),
        ],
        pauses=[Pause(van=van, earliest=200, latest=500, duration=60) for van in range(3)],
        worst_lateness_price=3,
    )


def test_every_kind_of_move_is_kept_and_priced_right() -> None:
    problem = busy_day().problem()
    search = search_of(problem, 5)
    for _ in range(40):
        search.walk(250, HOT)
        check(problem, search)
    assert (search.tally[:, 2] > 0).all(), search.tally


def test_puts_in_what_the_first_plan_leaves_out() -> None:
    problem = busy_day().problem()
    nothing = Greedy().solve(problem, Stop(seconds=FOREVER, iterations=0)).solution
    assert nothing is not None
    assert nothing.unserved_visits == problem.visit_count
    search = MovesSearch(problem, nothing.routes, BOLD, 1)
    search.walk(20_000, 50.0)
    assert search.plan.left[-1, LEFT_OUT] == 0
    timed = time_routes(problem, search.best_routes())
    assert timed.solution is not None
    assert timed.solution.unserved_visits == 0


def test_the_breaks_of_a_vehicle_stay_in_their_order() -> None:
    """Where the speed varies, how long a way takes is told from the breaks on it, one by one."""
    problem = Small(
        positions=[0, 30, 60],
        vans=[Van(), Van()],
        calls=[Call(place=1), Call(place=2), Call(place=1)],
        ties=[Tie(before=0, after=1, low=0, high=5_000)],
        pauses=[
            Pause(van=van, earliest=earliest, latest=9_000, duration=20)
            for van in (0, 1)
            for earliest in (0, 10)
        ],
        paces=[Pace(since=100, percent=50)],
    ).problem()
    search = search_of(problem, 1)
    for _ in range(200):
        search.walk(5, HOT)
        for row in routes_of(problem, search.plan.nodes[:, NEXT]):
            breaks = row[row >= problem.visit_count].tolist()
            assert breaks == sorted(breaks)
        check(problem, search)
