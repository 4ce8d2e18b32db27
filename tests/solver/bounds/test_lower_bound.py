"""No plan costs less than the bound, whatever the rules; and the bound is worth having."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, event, given, settings
from tests.oracles.best_plan import best_plan
from tests.solver.drawn import problems
from tests.solver.small import Call, Pause, Small, Van

from dispatch.solver.arrays import HIGHEST_PRICE
from dispatch.solver.bounds import lower_bound
from dispatch.solver.engine import Stop
from dispatch.solver.greedy import Greedy
from dispatch.solver.lns.engine import Lns
from dispatch.solver.timing import time_routes


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(problems(most_calls=3))
def test_no_plan_costs_less(small: Small) -> None:
    problem = small.problem()

    bound = lower_bound(problem, seconds=2)

    cheapest = best_plan(problem).cost
    assert 0 <= bound <= cheapest
    event(f"proven: {bound == cheapest}")


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(problems(most_calls=9))
def test_no_plan_that_is_found_costs_less(small: Small) -> None:
    problem = small.problem()
    found = Greedy().solve(problem, Stop(seconds=3_600)).solution
    assert found is not None

    assert lower_bound(problem, seconds=2) <= found.cost


def street(calls: int, vans: int, **van: int) -> Small:
    """Calls all along a street, ten minutes each, and vans at one end of it."""
    rng = np.random.default_rng(5)
    return Small(
        positions=[0, *rng.integers(100, 3_000, calls).tolist()],
        vans=[Van(time_price=2, use_price=100, **van) for _ in range(vans)],
        calls=[
            Call(place=1 + at, duration=600, windows=[(start, start + 3_000)])
            for at, start in enumerate(rng.integers(0, 5_000, calls).tolist())
        ],
        unserved=20_000,
    )


def gap(small: Small) -> float:
    problem = small.problem()
    found = Lns().solve(problem, Stop(seconds=3_600, iterations=1_000), seed=1).solution
    assert found is not None
    return 1 - lower_bound(problem, seconds=20) / found.cost


def test_is_near_the_cost_of_a_plan_of_a_usual_day() -> None:
    assert gap(street(calls=30, vans=5)) < 0.25


def test_knows_that_a_shift_is_too_short_for_everything() -> None:
    small = street(calls=30, vans=1)

    assert lower_bound(small.problem(), seconds=20) > 14 * 20_000


def test_knows_that_vans_are_full() -> None:
    calls = [replace(call, load=1) for call in street(calls=12, vans=2).calls]
    small = replace(street(calls=12, vans=2, capacity=2, max_visits=3), calls=calls)

    assert lower_bound(small.problem(), seconds=20) >= 8 * 20_000


def test_a_break_is_paid_unless_the_route_is_over_or_not_begun() -> None:
    pause = [Pause(earliest=4_000, latest=4_500, duration=600)]
    far = Call(place=1, duration=3_000, windows=[(3_000, 3_500)])
    small = Small(positions=[0, 100], vans=[Van(time_price=1)], calls=[far], pauses=pause)

    assert lower_bound(small.problem()) == 3_000 + 600 + 2 * 200


def test_what_nobody_can_do_costs_its_price() -> None:
    small = Small(positions=[0, 10], calls=[Call(place=1, only=()), Call(place=1)], unserved=77)

    assert lower_bound(small.problem()) == 77 + 20


def test_the_same_problem_has_the_same_bound() -> None:
    problem = street(calls=20, vans=3).problem()

    assert lower_bound(problem, seconds=5) == lower_bound(problem, seconds=5)


def test_more_time_gives_no_worse_bound_and_little_time_gives_one() -> None:
    problem = street(calls=20, vans=3).problem()

    quick = lower_bound(problem, seconds=0.001)

    assert 0 < quick <= lower_bound(problem, seconds=5)


@pytest.mark.parametrize("price", [HIGHEST_PRICE, HIGHEST_PRICE // 2**12])
def test_huge_prices_give_a_weak_bound_but_no_wrong_one(price: int) -> None:
    small = Small(positions=[0, 10], vans=[Van(travel_price=price)], calls=[Call(place=1)])

    assert 0 <= lower_bound(small.problem()) <= 1_000_000


def test_nothing_to_do_costs_nothing() -> None:
    assert lower_bound(Small(positions=[0]).problem()) == 0


def test_without_anybody_everything_is_left_out() -> None:
    assert (
        lower_bound(Small(positions=[0], vans=(), calls=[Call(place=0)], unserved=5).problem()) == 5
    )


def test_many_breaks_weaken_the_bound_but_do_not_spoil_it() -> None:
    pauses = [Pause(earliest=100 * at, latest=9_000, duration=5) for at in range(1, 9)]
    small = Small(
        positions=[0, 100], vans=[Van(time_price=1)], calls=[Call(place=1)], pauses=pauses
    )
    found = Greedy().solve(small.problem(), Stop(seconds=3_600)).solution
    assert found is not None

    assert 0 < lower_bound(small.problem()) <= found.cost


def test_breaks_may_be_taken_in_any_order() -> None:
    pauses = [
        Pause(earliest=0, latest=9_000, duration=3_000),
        Pause(earliest=100, latest=9_000, duration=10),
    ]
    urgent = Call(place=0, duration=100, windows=[(110, 110)])
    small = Small(positions=[0], vans=[Van(time_price=1)], calls=[urgent], pauses=pauses)
    problem = small.problem()
    swapped = time_routes(problem, [[2, 0, 1]]).solution
    assert swapped is not None

    assert lower_bound(problem) <= swapped.cost
