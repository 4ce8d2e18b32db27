"""Moves and ruins in turns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from tests.solver.drawn import problems
from tests.solver.small import Call, Small, Tie, Van

from dispatch.solver.arrays import Ints
from dispatch.solver.engine import Stop
from dispatch.solver.greedy import Greedy
from dispatch.solver.lns.engine import Lns
from dispatch.solver.lns.moves import MovesSearch
from dispatch.solver.lns.parameters import LnsParameters, MovesParameters
from dispatch.solver.lns.renumbered import RenumberedSearch
from dispatch.solver.lns.room import Room
from dispatch.solver.lns.turns import A_TURN, TurnsSearch
from dispatch.solver.problem import Problem
from dispatch.solver.timing import time_routes

FOREVER = Stop(seconds=3_600)
OFTEN = MovesParameters(turns=5)


def begun(problem: Problem, parameters: MovesParameters = OFTEN) -> TurnsSearch:
    first = Greedy().solve(problem, FOREVER).solution
    assert first is not None
    moves = MovesSearch(problem, first.routes, parameters, 1)
    ruins = RenumberedSearch(problem, first.routes, LnsParameters(), FOREVER, 1)
    return TurnsSearch(problem, moves, ruins, parameters, Room(problem, FOREVER, 1))


def cost_of(problem: Problem, search: TurnsSearch) -> int:
    solution = time_routes(problem, search.best_routes()).solution
    assert solution is not None
    return solution.cost


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(problems(most_calls=8))
def test_no_plan_is_lost_when_turns_change(small: Small) -> None:
    """Whoever finds the best one forgets it when it goes on from the other's plan."""
    problem = small.problem()
    assume(len(problem.links.before) > 0)
    search = begun(problem)
    best = cost_of(problem, search)
    for step in range(20):
        improved = search.run(1, step / 20)
        improved = search.recombine(step / 20) or improved
        cost = cost_of(problem, search)
        assert cost <= best if improved else cost == best
        best = cost
    event(f"improved: {best < cost_of(problem, begun(problem))}")


def scarce() -> Problem:
    """Only the first van may do the last call, for which others would have to go elsewhere.

    That takes more than moves can do: whatever leaves the first van comes too late elsewhere
    unless something else leaves that van first.
    """
    rng = np.random.default_rng(5)
    count = 40
    positions = rng.integers(0, 4_000, count + 1).tolist()
    calls = [
        Call(
            place=1 + at,
            duration=300,
            windows=[(start, start + 1_500)],
            only=(0,) if at % 5 == 0 else None,
        )
        for at, start in enumerate(rng.integers(0, 6_000, count).tolist())
    ]
    return Small(
        positions=positions,
        vans=[Van(time_price=1, end_s=9_000, latest=9_000) for _ in range(4)],
        calls=calls,
        ties=[Tie(before=1, after=2, low=0, high=0)],
        unserved=100_000,
    ).problem()


def test_ruins_find_room_where_moves_find_none() -> None:
    problem = scarce()
    stop = Stop(seconds=3_600, iterations=400)
    alone = Lns(moves=MovesParameters(ruins=0)).solve(problem, stop, seed=1).solution
    in_turns = Lns(moves=MovesParameters(turns=10)).solve(problem, stop, seed=1).solution
    assert alone is not None
    assert in_turns is not None
    assert in_turns.unserved_visits < alone.unserved_visits


@pytest.mark.parametrize("switched_on", [True, False])
def test_room_is_made_unless_that_is_switched_off(
    monkeypatch: pytest.MonkeyPatch, switched_on: bool
) -> None:
    tries: list[Sequence[Ints]] = []

    def noted(_: Room, routes: Sequence[Ints]) -> Sequence[Ints]:
        tries.append(routes)
        return routes

    monkeypatch.setattr(Room, "made", noted)
    engine = Lns(moves=MovesParameters(room=switched_on))
    engine.solve(scarce(), Stop(seconds=3_600, iterations=300), seed=1)
    assert bool(tries) == switched_on


def test_a_run_repeats() -> None:
    problem = scarce()
    first, second = (
        Lns().solve(problem, Stop(seconds=3_600, iterations=300), seed=3).solution for _ in range(2)
    )
    assert first is not None
    assert second is not None
    assert [row.tolist() for row in first.routes] == [row.tolist() for row in second.routes]


@pytest.mark.parametrize("value", [-0.1, 1.0])
def test_a_share_is_at_least_0_and_below_1(value: float) -> None:
    with pytest.raises(ValueError, match="ruins"):
        MovesParameters(ruins=value)


def test_a_turn_lasts_as_long_as_it_takes_to_pay_for_the_plan_that_is_handed_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    problem, steps = scarce(), 200
    taken: list[int] = []
    monkeypatch.setattr(RenumberedSearch, "take", lambda *_: taken.append(step))
    monkeypatch.setattr(MovesSearch, "take", lambda *_: taken.append(step))
    search = begun(problem, MovesParameters(turns=80))
    for step in range(steps):
        search.run(1, step / steps)
    apart = np.diff(taken)
    assert len(taken) > 10
    assert apart.min() >= A_TURN * problem.visit_count
