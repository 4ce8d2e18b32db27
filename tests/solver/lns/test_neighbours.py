"""Lists of visits that go well together, against looking at every pair."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from tests.oracles.near_visits import near
from tests.solver.drawn import problems
from tests.solver.small import Call, Small, Van

from dispatch.solver.lns import neighbours
from dispatch.solver.lns.neighbours import near_lists
from dispatch.solver.problem import Problem


def assert_lists_are_true(problem: Problem) -> None:
    lists = near_lists(problem)
    for visit in range(problem.visit_count):
        for kind, listed in (
            ("before", lists.before[visit]),
            ("after", lists.after[visit]),
            ("place", lists.around[0, visit]),
            ("time", lists.around[1, visit]),
        ):
            far = near(problem, visit, kind)
            found = listed[listed >= 0].tolist()
            assert len(set(found)) == len(found) == min(len(far), len(listed))
            # Which of two that are equally far comes first is nobody's business.
            nearest = sorted(far.values())[: len(found)]
            assert [far[other] for other in found] == pytest.approx(nearest, rel=1e-12)
            assert (listed[len(found) :] == -1).all()


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(problems())
def test_are_those_of_every_pair_looked_at(small: Small) -> None:
    assert_lists_are_true(small.problem())


def test_keep_the_nearest_of_many_also_where_rows_come_in_blocks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in (("CLOSE", 4), ("WIDE", 9), ("BLOCK", 7)):
        monkeypatch.setattr(neighbours, name, value)
    rng = np.random.default_rng(5)
    opening = rng.integers(0, 3_000, 30).tolist()
    small = Small(
        positions=rng.integers(0, 2_000, 12).tolist(),
        vans=[Van(), Van(), Van()],
        calls=[
            Call(
                place=int(rng.integers(12)),
                duration=rng.integers(10, 300, 3).tolist(),
                only=np.flatnonzero(rng.random(3) < 0.5).tolist(),
                windows=[(start, start + 900)],
            )
            for start in opening
        ],
    )
    assert_lists_are_true(small.problem())
