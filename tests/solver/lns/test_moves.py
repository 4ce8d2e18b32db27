"""How a search over moves goes through a run."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from tests.solver.small import Call, Small, Tie, Van

from dispatch.solver.arrays import Ints
from dispatch.solver.engine import Stop
from dispatch.solver.greedy import Greedy
from dispatch.solver.kernels.moves.columns import BEST, UNSURE
from dispatch.solver.lns.moves import A_CYCLE, MovesSearch, plan_of
from dispatch.solver.lns.parameters import MovesParameters
from dispatch.solver.problem import Problem

VISITS = 24
STEPS = 100


def crews() -> Problem:
    rng = np.random.default_rng(2)
    return Small(
        positions=rng.integers(0, 3_000, VISITS + 1).tolist(),
        vans=[Van(time_price=1) for _ in range(4)],
        calls=[
            Call(place=1 + at, duration=60, windows=[(start, start + 3_000)])
            for at, start in enumerate(rng.integers(0, 6_000, VISITS).tolist())
        ],
        ties=[Tie(before=0, after=1)],
    ).problem()


def begun(
    problem: Problem, parameters: MovesParameters | None = None, *, patience: int = 1
) -> MovesSearch:
    first = Greedy().solve(problem, Stop(seconds=3_600)).solution
    assert first is not None
    return MovesSearch(problem, first.routes, parameters or MovesParameters(), 1, patience=patience)


@pytest.mark.parametrize(("most", "patience", "cycles"), [(8, 1, 3), (1, 1, 1), (8, 4, 1)])
def test_a_long_run_cools_down_several_times(
    most: int, patience: int, cycles: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    search = begun(crews(), MovesParameters(cycles=most), patience=patience)
    temperatures: list[float] = []
    monkeypatch.setattr(search, "walk", lambda _, heat: bool(temperatures.append(heat)))

    for step in range(STEPS):
        search.run(3 * A_CYCLE * VISITS // STEPS, step / STEPS)

    warmer = sum(later > sooner for sooner, later in pairwise(temperatures))
    assert warmer == cycles - 1
    assert temperatures[-1] < 0.02 * temperatures[0]


@pytest.mark.parametrize(("progress", "cool"), [(0.1, False), (0.6, False), (0.95, True)])
def test_it_is_cool_at_the_end_of_a_cycle(progress: float, cool: bool) -> None:
    assert begun(crews()).is_cool(progress) is cool


def test_it_goes_on_from_a_plan_from_elsewhere() -> None:
    problem = crews()
    better = begun(problem)
    better.walk(100_000, 1.0)
    search = begun(problem)
    assert listed(search.best_routes()) != listed(better.best_routes())

    search.take(better.best_routes())

    assert listed(search.best_routes()) == listed(better.best_routes())


def overlapping() -> list[Ints]:
    """The first two calls one after the other by one van, though they are to begin together."""
    return [np.array([0, 1]), *([np.zeros(0, np.int64)] * 3)]


def test_it_stays_with_its_own_where_a_plan_from_elsewhere_breaks_a_rule() -> None:
    search = begun(crews())
    before = listed(search.current_routes())

    search.take(overlapping())

    assert listed(search.current_routes()) == before


def test_a_plan_that_does_not_hold_once_it_is_timed_anew_is_given_up_for_the_best_one() -> None:
    problem = crews()
    search = begun(problem)
    best, cost = listed(search.best_routes()), search.best_cost
    broken = plan_of(problem, search.model, overlapping())
    broken.best[:] = search.plan.best
    broken.totals[BEST] = search.plan.totals[BEST]
    broken.totals[UNSURE] = 1
    search.plan = broken

    assert not search.walk(0, 1.0)

    assert listed(search.current_routes()) == best
    assert search.best_cost == cost


def listed(routes: tuple[Ints, ...]) -> list[list[int]]:
    return [row.tolist() for row in routes]
