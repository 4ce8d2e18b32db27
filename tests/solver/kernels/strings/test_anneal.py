"""What the search believes of its plans, against timing them from scratch."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from tests.solver.kernels.strings.days import days, first_routes
from tests.solver.small import Call, Pause, Small, Van

from dispatch.solver.arrays import NEVER
from dispatch.solver.engine import Stop
from dispatch.solver.kernels.board import full_copy
from dispatch.solver.kernels.columns import LENGTH, START, VEHICLE, VISITS, WORST
from dispatch.solver.kernels.memo import empty_memo, recall
from dispatch.solver.kernels.strings.anneal import BEST, CURRENT, SUBSIDY, Search
from dispatch.solver.kernels.strings.columns import AT_POSITION, FORM, MOVABLE, WALKED
from dispatch.solver.kernels.strings.tally import ABSENT, SERVED, USED
from dispatch.solver.kernels.timing import FINE, time_route
from dispatch.solver.lns.parameters import LnsParameters
from dispatch.solver.lns.strings import StringSearch
from dispatch.solver.problem import Problem
from dispatch.solver.timing import costs_of, time_routes

SMALL = LnsParameters(mean_removed=3, longest_string=3)
FOREVER = Stop(seconds=3_600)
LOOSE = settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])


def searched(problem: Problem, seed: int, iterations: int) -> StringSearch:
    """A search of some iterations, half of them while leaving visits out is cheaper."""
    search = StringSearch(problem, first_routes(problem), SMALL, FOREVER, seed)
    for progress in (0.2, 0.95):
        search.run(iterations, progress)
    return search


def cost_from_scratch(problem: Problem, search: Search) -> int:
    """Of the current routes, walked one by one; tied visits are held where they are."""
    board = full_copy(search.current)
    for vehicle in range(problem.vehicle_count):
        assert time_route(search.model, board, vehicle) == FINE
        if problem.worst_lateness_price == 0:  # then simple routes do not keep it
            board.routes[vehicle, WORST] = search.current.routes[vehicle, WORST]
        assert board.routes[vehicle].tolist() == search.current.routes[vehicle].tolist()
    return int(costs_of(problem, search.model, board).sum())


def assert_costs_are_true(problem: Problem, search: StringSearch) -> None:
    inside = search._search
    current, best = int(inside.ledger[CURRENT]), int(inside.ledger[BEST])
    assert current == cost_from_scratch(problem, inside)
    found = time_routes(problem, search.best_routes()).solution
    assert found is not None
    if len(problem.links.before) == 0:
        assert found.cost == best
    assert best <= current


@LOOSE
@given(days(), st.integers(0, 9), st.integers(0, 30))
def test_costs_are_those_of_the_plans(small: Small, seed: int, iterations: int) -> None:
    problem = small.problem()
    search = searched(problem, seed, iterations)
    assert_costs_are_true(problem, search)
    event(f"the best is left: {search._search.ledger[BEST] < search._search.ledger[CURRENT]}")
    event(f"subsidised: {search._subsidy(0.2) > 0}")


@pytest.mark.parametrize("worst_lateness_price", [0, 3])
def test_costs_of_a_longer_run_are_too(worst_lateness_price: int) -> None:
    """Of fifty calls: some with wishes, so that routes of all forms exchange their visits."""
    rng = np.random.default_rng(2)
    calls = [
        Call(
            place=1 + at,
            duration=60,
            load=1,
            windows=[(start, start + 3_000)],
            due=start + 1_000 if at % 5 == 0 else NEVER,
            lateness_price=1,
        )
        for at, start in enumerate(rng.integers(0, 6_000, 50).tolist())
    ]
    small = Small(
        positions=rng.integers(0, 3_000, 51).tolist(),
        vans=[
            Van(capacity=18),
            Van(capacity=18, time_price=1),
            Van(capacity=18, max_duration=6_000),
            Van(capacity=18, time_price=1, overtime_price=2, end_s=5_000),
        ],
        calls=calls,
        pauses=[Pause(van=3, earliest=3_000, latest=4_000, duration=300)],
        unserved=4_000,
        worst_lateness_price=worst_lateness_price,
    )
    problem = small.problem()
    search = StringSearch(problem, first_routes(problem), LnsParameters(), FOREVER, 4)
    first = int(search._search.ledger[BEST])
    for step in range(10):
        search.run(200, step / 10)
        assert_costs_are_true(problem, search)
    assert search._search.ledger[BEST] < 0.95 * first


def with_far_calls(unserved: int) -> StringSearch:
    """Nobody is on the way yet to calls far away, each worth so much."""
    small = Small(
        positions=[0, *range(3_000, 3_400, 10)],
        vans=[Van(), Van()],
        calls=[Call(place=1 + at) for at in range(40)],
        unserved=unserved,
    )
    return StringSearch(small.problem(), [np.zeros(0, np.int64)] * 2, SMALL, FOREVER, 1)


def test_routes_are_subsidised_while_visits_of_doubtful_worth_are_absent() -> None:
    search = with_far_calls(unserved=200)
    assert search._search.tally.counts[ABSENT] == 40
    given = [search._subsidy(cycled) for cycled in (0.0, 0.45, 0.9, 1.0)]
    alone = int(search._alone.mean())
    assert given == [int(0.6 * alone), int(0.3 * alone), 0, 0]
    search.run(200, 0.1)
    assert search._search.ledger[SUBSIDY] > 0
    absent = int(search._search.tally.counts[ABSENT])
    assert absent < 40
    assert search._subsidy(0.0) == int(0.6 * (absent / 40) ** 2 * alone)


def test_routes_are_not_subsidised_for_visits_that_are_served_anyway() -> None:
    search = with_far_calls(unserved=1_000_000)
    assert search._subsidy(0.0) == 0


def test_routes_are_not_subsidised_for_visits_that_nobody_may_serve() -> None:
    calls = [Call(place=1), Call(place=1, only=[])]
    problem = Small(positions=[0, 100], vans=[Van()], calls=calls, unserved=10_000).problem()
    search = StringSearch(problem, [np.zeros(0, np.int64)], SMALL, FOREVER, 1)
    assert search._search.tally.counts[ABSENT] == 1
    assert search._subsidy(0.0) == 0


def test_a_few_doubtful_visits_move_little_on_a_day_of_certain_ones() -> None:
    near, far = [Call(place=1) for _ in range(9)], Call(place=2)
    problem = Small(positions=[0, 10, 4_000], vans=[Van()], calls=[*near, far]).problem()
    owed = np.array([1_000_000] * 9 + [7_000])
    mixed = replace(problem, unserved_price=owed)
    search = StringSearch(mixed, [np.arange(9)], SMALL, FOREVER, 1)
    assert search._search.tally.counts[ABSENT] == 1
    assert search._subsidy(0.0) == int(0.6 * 0.1**2 * search._alone[9])


@LOOSE
@given(days(), st.integers(0, 9), st.data())
def test_no_subsidy_buys_a_route_that_breaks_a_rule(
    small: Small, seed: int, data: st.DataObject
) -> None:
    refused = data.draw(st.sets(st.integers(0, len(small.calls) - 1)))
    calls = [
        replace(call, only=[]) if at in refused else call for at, call in enumerate(small.calls)
    ]
    problem = replace(small, calls=calls).problem()
    generous = LnsParameters(mean_removed=3, longest_string=3, gift=1, subsidy=1e12)
    search = StringSearch(problem, first_routes(problem), generous, FOREVER, seed)
    for progress in (0.2, 0.95):
        search.run(30, progress)
        assert_costs_are_true(problem, search)
    event(f"nobody may serve some: {len(refused) > 0}")


@pytest.mark.parametrize("seed", range(10))
def test_what_is_left_out_is_put_into_any_route_with_room(seed: int) -> None:
    calls = [Call(place=1), Call(place=2)]
    problem = Small(positions=[0, 100, 90], vans=[Van()], calls=calls, unserved=50).problem()
    search = StringSearch(problem, [np.array([0])], SMALL, FOREVER, seed)
    assert sorted(search.best_routes()[0].tolist()) == [0, 1]


@LOOSE
@given(days(), st.integers(0, 9), st.integers(0, 30))
def test_the_working_plan_is_the_current_one(small: Small, seed: int, iterations: int) -> None:
    problem = small.problem()
    search = searched(problem, seed, iterations)._search
    board, current, tracks, kept = (
        search.board,
        search.current,
        search.tracks,
        search.current_tracks,
    )
    assert board.routes.tolist() == current.routes.tolist()
    assert board.load.tolist() == current.load.tolist()
    assert board.stops[:, VEHICLE].tolist() == current.stops[:, VEHICLE].tolist()
    assert tracks.cars.tolist() == kept.cars.tolist()
    for vehicle, length in enumerate(board.routes[:, LENGTH].tolist()):
        row = board.sequence[vehicle, :length]
        assert row.tolist() == current.sequence[vehicle, :length].tolist()
        visits = row[row < problem.visit_count]
        assert (board.stops[visits, VEHICLE] == vehicle).all()
        assert (row[tracks.spots[visits, AT_POSITION]] == visits).all()
        assert tracks.spots.tolist() == kept.spots.tolist()
        if tracks.cars[vehicle, FORM] != WALKED:
            known = tracks.segments[vehicle, : length + 2]
            assert known.tolist() == kept.segments[vehicle, : length + 2].tolist()


@LOOSE
@given(days(), st.integers(0, 9), st.integers(0, 30))
def test_what_is_remembered_and_counted_is_true(small: Small, seed: int, iterations: int) -> None:
    problem = small.problem()
    search = searched(problem, seed, iterations)._search
    tally, board = search.tally, search.board
    absent = (board.stops[:, VEHICLE] < 0) & (search.ground.hot[:, MOVABLE] == 1)
    bank = tally.bank[: tally.counts[ABSENT]]
    assert sorted(bank.tolist()) == np.flatnonzero(absent).tolist()
    assert tally.bank_at[bank].tolist() == list(range(len(bank)))
    assert (tally.bank_at[~absent] == -1).all()
    assert tally.counts[SERVED] == (board.stops[:, VEHICLE] >= 0).sum()
    assert tally.counts[USED] == (board.routes[:, VISITS] > 0).sum()
    remembered = np.flatnonzero(~board.stale).tolist()
    fresh = empty_memo(board)
    for vehicle in remembered:
        recall(search.model, board, fresh, vehicle)
        places = slice(int(board.routes[vehicle, LENGTH]) + 1)
        assert (
            search.memo.states[vehicle, places].tolist() == fresh.states[vehicle, places].tolist()
        )
        assert search.memo.last[vehicle] == fresh.last[vehicle]


@LOOSE
@given(days(), st.integers(0, 9), st.integers(1, 30))
def test_tied_visits_stay_where_they_are_in_time(small: Small, seed: int, iterations: int) -> None:
    problem = small.problem()
    tied = np.union1d(problem.links.before, problem.links.after).astype(np.int64)
    search = StringSearch(problem, first_routes(problem), SMALL, FOREVER, seed)
    before = search._search.current.stops[tied][:, [VEHICLE, START]].tolist()
    search.run(iterations, 0.5)
    assert search._search.current.stops[tied][:, [VEHICLE, START]].tolist() == before


@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(days(), st.integers(0, 9))
def test_the_same_seed_gives_the_same_plan(small: Small, seed: int) -> None:
    problem = small.problem()
    one, two = (searched(problem, seed, 30) for _ in range(2))
    assert [row.tolist() for row in one.best_routes()] == [
        row.tolist() for row in two.best_routes()
    ]
    assert one._search.ledger.tolist() == two._search.ledger.tolist()
    assert one._search.luck.tolist() == two._search.luck.tolist()
