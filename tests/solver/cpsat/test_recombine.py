"""Routes of several plans make one that is better than each of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from tests.solver.drawn import problems, routes
from tests.solver.small import Call, Pause, Small, Tie, Van

from dispatch.solver.arrays import Ints
from dispatch.solver.cpsat.pool import MOST_COLUMNS, RoutePool
from dispatch.solver.cpsat.recombine import recombine
from dispatch.solver.kernels.columns import COST
from dispatch.solver.kernels.links import settle_all
from dispatch.solver.kernels.model import model_of
from dispatch.solver.problem import Problem
from dispatch.solver.timing import board_of, time_routes

LONG = 60.0


def rows_of(*routes: Sequence[int]) -> list[Ints]:
    return [np.asarray(route, dtype=np.int64) for route in routes]


def add(pool: RoutePool, problem: Problem, rows: Sequence[Ints]) -> None:
    model = model_of(problem)
    board = board_of(problem, model, rows)
    settle_all(model, board)
    pool.add(rows, board.routes[:, COST])


def cost(problem: Problem, rows: Sequence[Ints]) -> int:
    solution = time_routes(problem, rows).solution
    assert solution is not None
    return solution.cost


def corners(vans: int = 2, **more: object) -> Small:
    """Two pairs of calls, far apart on either side of the vans."""
    calls = [Call(place=place) for place in (1, 2, 3, 4)]
    return Small(
        positions=[500, 0, 10, 990, 1_000],
        vans=[Van(use_price=5) for _ in range(vans)],
        calls=calls,
        **more,  # type: ignore[arg-type]
    )


def test_takes_the_good_half_of_each_of_two_plans() -> None:
    problem = corners().problem()
    pool = RoutePool(problem)
    west, east = rows_of([0, 1], [2]), rows_of([3, 2], [0])
    for rows in (east, west):
        add(pool, problem, rows)

    found = recombine(problem, pool, west, seed=1, seconds=LONG)

    assert found is not None
    assert cost(problem, found) == 2 * 5 + 4 * 500


def test_a_van_drives_the_route_that_was_found_for_its_twin() -> None:
    problem = corners(
        pauses=[Pause(van=van, earliest=100, latest=9_000, duration=9) for van in (0, 1)]
    ).problem()
    pool = RoutePool(problem)
    add(pool, problem, rows_of([0, 4, 1], []))
    now = rows_of([3, 2, 4], [])
    add(pool, problem, now)

    found = recombine(problem, pool, now, seed=1, seconds=LONG)

    assert found is not None
    assert [row.tolist() for row in found] == [[3, 2, 4], [0, 5, 1]]


def test_leaves_routes_with_tied_visits_alone() -> None:
    problem = corners(vans=3, ties=[Tie(before=0, after=2, high=9_999)]).problem()
    pool = RoutePool(problem)
    add(pool, problem, rows_of([], [0], [2, 1]))
    add(pool, problem, rows_of([1], [3], []))
    now = rows_of([0], [2], [3, 1])
    add(pool, problem, now)

    assert all(column.visits.tolist() in ([1], [3], [3, 1]) for _, column in pool.items())
    assert recombine(problem, pool, now, seed=1, seconds=LONG) is None


def test_nothing_better_is_none() -> None:
    problem = corners().problem()
    pool = RoutePool(problem)
    best = rows_of([0, 1], [3, 2])
    add(pool, problem, best)
    add(pool, problem, rows_of([0, 3], [1, 2]))

    assert recombine(problem, pool, best, seed=1, seconds=LONG) is None


def test_a_pool_that_lost_the_best_plan_offers_nothing() -> None:
    problem = corners().problem()
    pool = RoutePool(problem)
    add(pool, problem, rows_of([0, 1], [3, 2]))

    assert recombine(problem, pool, rows_of([0, 1, 2], [3]), seed=1, seconds=LONG) is None


def test_keeps_the_cheapest_order_and_forgets_the_oldest() -> None:
    problem = corners().problem()
    pool = RoutePool(problem, most=2)
    add(pool, problem, rows_of([1], []))
    add(pool, problem, rows_of([0, 2, 1], []))
    add(pool, problem, rows_of([0, 1, 2], [3]))

    kept = [column.route.tolist() for _, column in pool.items()]
    assert kept == [[0, 1, 2], [3]]
    assert len(pool) == 2
    assert len(RoutePool(problem)) == 0 < MOST_COLUMNS


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.data(), problems(most_calls=6), st.integers(0, 3))
def test_what_it_makes_holds_and_costs_less(data: st.DataObject, small: Small, seed: int) -> None:
    small = Small(**{f: getattr(small, f) for f in Small.__slots__} | {"worst_lateness_price": 0})
    problem = small.problem()
    plans = [[np.asarray(row) for row in data.draw(routes(small))] for _ in range(6)]
    plans = [[row.astype(np.int64) for row in rows] for rows in plans]
    plans = [rows for rows in plans if time_routes(problem, rows).solution is not None]
    pool = RoutePool(problem)
    for rows in plans:
        add(pool, problem, rows)

    for rows in plans:
        found = recombine(problem, pool, rows, seed=seed, seconds=LONG)
        event(f"better: {found is not None}")
        if found is not None:
            assert cost(problem, found) < cost(problem, rows)


def test_the_same_seed_gives_the_same_plan() -> None:
    problem = corners().problem()
    pool = RoutePool(problem)
    now = rows_of([0, 3], [1, 2])
    for rows in (rows_of([0, 1], [3]), rows_of([2, 3], [1]), now):
        add(pool, problem, rows)

    one, two = (recombine(problem, pool, now, seed=3, seconds=LONG, effort=1.0) for _ in range(2))

    assert one is not None
    assert two is not None
    assert [row.tolist() for row in one] == [row.tolist() for row in two]
