from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.solver.drawn import problems
from tests.solver.small import Small

from dispatch.solver.engine import Stop
from dispatch.solver.greedy import Greedy
from dispatch.solver.partition.reorder import near_order, reordered
from dispatch.solver.timing import time_routes


@settings(deadline=None, max_examples=150)
@given(problems())
def test_with_other_numbers_a_plan_is_the_same(small: Small) -> None:
    problem = small.problem()
    plan = Greedy().solve(problem, Stop(seconds=600)).solution
    assert plan is not None
    part = reordered(problem)
    inside = part.inside(plan.routes)
    timed = time_routes(part.problem, inside).solution

    assert timed is not None
    assert timed.cost == plan.cost
    assert timed.start_s.tolist() == plan.start_s[part.visits].tolist()
    back = dict(part.outside(inside))
    assert [back[at].tolist() for at in range(len(back))] == [row.tolist() for row in plan.routes]


@given(st.integers(0, 2**32 - 1), st.integers(0, 60))
def test_every_place_comes_once(seed: int, count: int) -> None:
    spots = np.random.default_rng(seed).integers(0, 1_000, count)
    travel = np.abs(np.subtract.outer(spots, spots))

    assert sorted(near_order(travel).tolist()) == list(range(count))


def test_neighbours_get_near_numbers() -> None:
    spots = np.random.default_rng(5).permutation(256)
    order = near_order(np.abs(np.subtract.outer(spots, spots)))

    assert np.abs(np.diff(spots)).mean() > 50
    assert np.abs(np.diff(spots[order])).mean() < 8
