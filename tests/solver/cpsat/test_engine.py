"""Small days are proven; what the model says is held against trying all plans."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, event, given, settings
from tests.oracles.best_plan import best_plan
from tests.solver.drawn import problems
from tests.solver.small import Call, Pace, Pause, Small, Tie, Van

from dispatch import texts
from dispatch.solver.arrays import HIGHEST_PRICE
from dispatch.solver.cpsat import engine
from dispatch.solver.cpsat.engine import Cpsat
from dispatch.solver.cpsat.model import size_of
from dispatch.solver.engine import Result, Status, Stop
from dispatch.solver.greedy import Greedy
from dispatch.solver.problem import NEVER, Problem
from dispatch.solver.solution import Solution

FOREVER = 3_600
ASKED = 8
"""Times that a search asks whether it is called off before it is."""


def solve(problem: Problem, iterations: int = 500, seed: int = 1) -> Result:
    return Cpsat().solve(problem, Stop(seconds=FOREVER, iterations=iterations), seed=seed)


@settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow])
@given(problems(most_calls=3))
def test_bounds_every_plan_and_proves_only_the_best(small: Small) -> None:
    problem = small.problem()
    best = best_plan(problem)

    result = solve(problem)

    assert result.solution is not None
    assert result.lower_bound is not None
    assert result.lower_bound <= best.cost <= result.solution.cost
    assert (result.status is Status.OPTIMAL) == (result.lower_bound == result.solution.cost)
    if _is_modelled_exactly(small):
        assert result.status is Status.OPTIMAL
    event(f"best: {result.solution.cost == best.cost}, {result.status}")


def _is_modelled_exactly(small: Small) -> bool:
    """Whether nothing of it is looser in the model, which lets times float where they matter."""
    measured = any(van.max_duration < NEVER for van in small.vans)
    many = any(sum(each.van == van for each in small.pauses) > 1 for van in range(len(small.vans)))
    return not (small.ties or small.told or small.paces or measured or many)


def district(calls: int, vans: int, seed: int = 1) -> Small:
    """Calls with windows for vans that differ in what they may do, with a break each."""
    rng = np.random.default_rng(seed)
    opening = rng.integers(0, 4, calls) * 1_500
    return Small(
        positions=[1_000, *rng.integers(0, 2_000, calls).tolist()],
        vans=[Van(time_price=3, use_price=500, end_s=6_000, overtime_price=2) for _ in range(vans)],
        calls=[
            Call(
                place=1 + at,
                duration=400,
                windows=[(start, start + 2_000)],
                only=[van for van in range(vans) if rng.random() < 0.7],
                assign=(100 * rng.integers(0, 4, vans)).tolist(),
            )
            for at, start in enumerate(opening.tolist())
        ],
        pauses=[Pause(van=van, earliest=2_500, latest=4_500, duration=600) for van in range(vans)],
        unserved=8_000,
    )


@pytest.mark.parametrize("calls", [7, 10])
def test_proves_a_small_day_with_breaks_windows_and_skills(calls: int) -> None:
    result = solve(district(calls=calls, vans=2).problem(), iterations=3_000)

    assert result.status is Status.OPTIMAL


def test_proves_a_day_with_a_crew() -> None:
    small = district(calls=5, vans=2)
    crew = [replace(call, group=max(at - 1, 0), only=None) for at, call in enumerate(small.calls)]
    crew[1] = replace(crew[1], windows=crew[0].windows)
    tied = replace(small, calls=crew, ties=[Tie(before=0, after=1)], unserved=[8_000] * 4)

    result = solve(tied.problem(), iterations=3_000)

    assert result.solution is not None
    assert result.solution.start_s[0] == result.solution.start_s[1]
    assert result.status is Status.OPTIMAL


def test_the_same_seed_and_iterations_give_the_same_plan() -> None:
    problem = district(calls=9, vans=3).problem()
    one, two = (solve(problem, iterations=40, seed=5) for _ in range(2))

    assert one.solution is not None
    assert two.solution is not None
    assert [row.tolist() for row in one.solution.routes] == [
        row.tolist() for row in two.solution.routes
    ]
    assert one.lower_bound == two.lower_bound


def test_what_is_too_large_gets_the_start_and_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "MOST_ARCS", 10)

    problem = district(calls=9, vans=3).problem()

    result = solve(problem)

    assert result.status is Status.SOLVED
    assert result.solution is not None
    assert result.lower_bound is not None
    assert 0 < result.lower_bound < result.solution.cost
    arcs = size_of(problem)
    assert result.message == texts.say("engine.too-large.cause", arcs=arcs, most=10)


def test_sums_that_leave_64_bits_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "lower_bound", lambda *_: 0)
    small = Small(
        positions=[0, 10, 20],
        vans=[Van(time_price=2**25, latest=2**39, end_s=2**39)],
        calls=[Call(place=1), Call(place=2)],
        unserved=HIGHEST_PRICE,
    )

    result = solve(small.problem())

    assert result.status is Status.SOLVED
    assert result.message == texts.say("engine.huge-sums.cause")


def test_no_time_is_said() -> None:
    problem = district(calls=9, vans=3).problem()
    start = Greedy().solve(problem, Stop(seconds=FOREVER)).solution

    result = Cpsat().solve(problem, Stop(seconds=1e-6), seed=1, initial=start)

    assert result.solution is not None
    assert result.message == texts.say("engine.no-time.cause")


def test_stops_when_told_to() -> None:
    seen: list[int] = []

    def listen(_seconds: float, solution: Solution) -> bool:
        seen.append(solution.cost)
        return False

    stop = Stop(seconds=FOREVER, iterations=500)
    result = Cpsat().solve(district(calls=9, vans=3).problem(), stop, seed=1, report=listen)

    assert result.status is Status.INTERRUPTED
    assert len(seen) == 1


def test_hears_between_two_plans_that_it_is_called_off() -> None:
    asked: list[None] = []

    def called_off() -> bool:
        asked.append(None)
        return len(asked) > ASKED

    problem = district(calls=14, vans=3).problem()
    result = Cpsat().solve(problem, Stop(seconds=FOREVER, called_off=called_off), seed=1)

    assert len(asked) > ASKED
    assert result.status is Status.INTERRUPTED
    assert result.solution is not None


@pytest.mark.parametrize("small", [Small(positions=[0]), Small(positions=[0], vans=())])
def test_nothing_to_do_is_proven_at_once(small: Small) -> None:
    assert solve(small.problem()).status is Status.OPTIMAL


def test_claims_no_proof_where_travel_depends_on_the_hour() -> None:
    small = Small(
        positions=[0, 100, 250],
        calls=[Call(place=1), Call(place=2)],
        paces=[Pace(since=50, percent=50), Pace(since=500, percent=200)],
    )

    result = solve(small.problem())

    assert result.solution is not None
    assert result.message == texts.say("engine.by-hour.cause")
    assert result.status is Status.SOLVED
    assert result.lower_bound is not None
    assert result.lower_bound < result.solution.cost
