"""Ruin and recreate: what it gives holds, repeats and is worth its time."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from tests.oracles.best_plan import best_plan, worst_plan
from tests.solver.drawn import problems
from tests.solver.rules import BEYOND_THE_LIBRARY, RULES
from tests.solver.small import Call, Small, Tie, Van

from dispatch.errors import InvalidValue
from dispatch.solver.arrays import Ints
from dispatch.solver.engine import Result, Status, Stop
from dispatch.solver.greedy import Greedy
from dispatch.solver.incumbent import Incumbent
from dispatch.solver.lns import engine as engine_module
from dispatch.solver.lns.engine import Lns
from dispatch.solver.lns.neighbours import nearest_visits
from dispatch.solver.lns.pace import CHUNK, Pace
from dispatch.solver.lns.parameters import LnsParameters, MovesParameters
from dispatch.solver.lns.strings import A_CYCLE
from dispatch.solver.problem import Problem
from dispatch.solver.solution import Solution
from dispatch.solver.timing import time_routes

FOREVER = 3_600
ROOT = Path(__file__).parents[3]


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(problems(), st.integers(0, 5))
def test_its_plan_holds_and_costs_no_more_than_regret_insertion(small: Small, seed: int) -> None:
    problem = small.problem()
    first = Greedy().solve(problem, Stop(seconds=FOREVER)).solution
    result = Lns().solve(problem, Stop(seconds=FOREVER, iterations=60), seed=seed)
    assert first is not None
    assert result.solution is not None
    again = time_routes(problem, result.solution.routes).solution
    assert again is not None
    assert again.cost == result.solution.cost <= first.cost
    event(f"better: {result.solution.cost < first.cost}")


@pytest.mark.parametrize("rule", RULES | BEYOND_THE_LIBRARY)
def test_from_the_worst_plan_that_serves_as_many_it_finds_the_best(rule: str) -> None:
    problem = (RULES | BEYOND_THE_LIBRARY)[rule].problem()
    worst, best = worst_plan(problem), best_plan(problem)
    stop = Stop(seconds=FOREVER, iterations=300)
    found = Lns().solve(problem, stop, seed=1, initial=worst).solution
    assert found is not None
    assert found.cost == best.cost


def town(seed: int = 3, calls: int = 40, vans: int = 4) -> Small:
    rng = np.random.default_rng(seed)
    positions = rng.integers(0, 3_000, calls + 1).tolist()
    return Small(
        positions=positions,
        vans=[Van(time_price=1) for _ in range(vans)],
        calls=[
            Call(place=1 + at, duration=60, windows=[(start, start + 4_000)])
            for at, start in enumerate(rng.integers(0, 6_000, calls).tolist())
        ],
    )


def test_finds_much_better_plans_than_regret_insertion() -> None:
    problem = town().problem()
    first = Greedy().solve(problem, Stop(seconds=FOREVER)).solution
    found = Lns().solve(problem, Stop(seconds=FOREVER, iterations=2_000), seed=1).solution
    assert first is not None
    assert found is not None
    assert found.cost < 0.9 * first.cost


def test_the_same_seed_gives_the_same_plan() -> None:
    problem = town().problem()
    stop = Stop(seconds=FOREVER, iterations=300)
    one, two = (Lns().solve(problem, stop, seed=7).solution for _ in range(2))
    other = Lns().solve(problem, stop, seed=8).solution
    assert one is not None
    assert two is not None
    assert other is not None
    assert [row.tolist() for row in one.routes] == [row.tolist() for row in two.routes]
    assert [row.tolist() for row in one.routes] != [row.tolist() for row in other.routes]


def test_reports_each_better_plan_and_stops_when_told_to() -> None:
    seen: list[int] = []

    def listen(_seconds: float, solution: Solution) -> bool:
        seen.append(solution.cost)
        return len(seen) < 3

    result = Lns().solve(
        town().problem(), Stop(seconds=FOREVER, iterations=10**9), seed=1, report=listen
    )
    assert result.status is Status.INTERRUPTED
    assert len(seen) == 3
    assert seen == sorted(seen, reverse=True)
    assert [step.cost for step in result.curve] == seen


def crews() -> Small:
    """The town, where every fourth call is done together with the next."""
    small = town()
    ties = [Tie(before=at, after=at + 1) for at in range(0, 40, 4)]
    groups = np.cumsum([0, *(at % 4 != 1 for at in range(1, 40))]).tolist()
    calls = [
        replace(call, group=group, windows=[(0, 10_000)])
        for call, group in zip(small.calls, groups, strict=True)
    ]
    return replace(small, calls=calls, ties=ties)


@pytest.mark.parametrize("small", [town(), crews()], ids=["alone", "crews"])
def test_begins_from_the_plan_it_is_given(small: Small) -> None:
    problem = small.problem()
    good = Lns().solve(problem, Stop(seconds=FOREVER, iterations=1_000), seed=1).solution
    assert good is not None
    kept = Lns().solve(problem, Stop(seconds=FOREVER, iterations=1), seed=2, initial=good)
    assert kept.solution is not None
    assert kept.solution.cost <= good.cost
    assert kept.curve[0].cost == good.cost


def test_neighbours_are_near_in_place_and_time() -> None:
    small = Small(
        positions=[0, 10, 20, 5_000],
        vans=[Van(), Van()],
        calls=[
            Call(place=1, windows=[(0, 100)]),
            Call(place=2, windows=[(0, 100)]),
            Call(place=3, windows=[(0, 9_000)]),
            Call(place=2, windows=[(9_000, 9_500)]),
            Call(place=1, windows=[(0, 100)], only=[]),
        ],
    )
    nearest = nearest_visits(small.problem())
    assert nearest[0].tolist() == [1, 3, 2, 4]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"mean_removed": 0.0}, "lns.positive"),
        ({"longest_string": -1.0}, "lns.positive"),
        ({"first_temperature": float("nan")}, "lns.positive"),
        ({"last_temperature": 1.5}, "lns.warming"),
    ],
)
def test_parameters_check_themselves(wrong: dict[str, float], code: str) -> None:
    with pytest.raises(InvalidValue) as refusal:
        LnsParameters(**wrong)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"relocate": 0.0}, "lns.positive"),
        ({"crew": float("nan")}, "lns.positive"),
        ({"neighbours": -1.0}, "lns.positive"),
        ({"last_temperature": 1.0}, "lns.warming"),
    ],
)
def test_parameters_of_moves_check_themselves(wrong: dict[str, float], code: str) -> None:
    with pytest.raises(InvalidValue) as refusal:
        MovesParameters(**wrong)
    assert refusal.value.code == code


def crews(seed: int = 3) -> Small:
    rng = np.random.default_rng(seed)
    return Small(
        positions=rng.integers(0, 3_000, 21).tolist(),
        vans=[Van(time_price=1) for _ in range(4)],
        calls=[
            Call(place=1 + at // 2, group=at // 2, duration=60, windows=[(start, start + 4_000)])
            for at, start in enumerate(np.repeat(rng.integers(0, 6_000, 20), 2).tolist())
        ],
        ties=[Tie(before=at, after=at + 1) for at in range(0, 40, 2)],
    )


def test_finds_better_plans_for_crews_too_and_repeats_them() -> None:
    problem = crews().problem()
    first = Greedy().solve(problem, Stop(seconds=FOREVER)).solution
    stop = Stop(seconds=FOREVER, iterations=100)
    one, two = (Lns().solve(problem, stop, seed=7).solution for _ in range(2))
    other = Lns().solve(problem, stop, seed=8).solution
    assert first is not None
    assert one is not None
    assert two is not None
    assert other is not None
    assert one.cost < 0.9 * first.cost
    assert [row.tolist() for row in one.routes] == [row.tolist() for row in two.routes]
    assert [row.tolist() for row in one.routes] != [row.tolist() for row in other.routes]


@pytest.mark.parametrize(("warmth", "first"), [(1.0, 1.0), (0.1, 0.1), (0.0, 0.02)])
def test_it_can_begin_cooler_but_not_below_its_end(warmth: float, first: float) -> None:
    usual, cooler = Lns(), Lns().begun_at(warmth)

    assert cooler.parameters.first_temperature == pytest.approx(
        first * usual.parameters.first_temperature
    )
    assert cooler.moves.last_temperature == usual.moves.last_temperature
    assert cooler.moves.first_temperature >= cooler.moves.last_temperature


@pytest.mark.parametrize("count", [1, 2, 40])
def test_without_vehicles_nobody_is_served(count: int) -> None:
    problem = town(calls=count, vans=0).problem()
    result = Lns().solve(problem, Stop(seconds=FOREVER, iterations=10), seed=1)
    assert result.status is Status.SOLVED
    assert result.solution is not None
    assert result.solution.unserved_visits == count


def test_a_run_that_cools_down_several_times_repeats() -> None:
    problem = town(calls=12, vans=3).problem()
    stop = Stop(seconds=FOREVER, iterations=4 * A_CYCLE * 12)
    one, two = (Lns().solve(problem, stop, seed=3) for _ in range(2))
    once = Lns(LnsParameters(cycles=1)).solve(problem, stop, seed=3)
    assert one.solution is not None
    assert two.solution is not None
    assert once.solution is not None
    assert [row.tolist() for row in one.solution.routes] == [
        row.tolist() for row in two.solution.routes
    ]
    assert one.solution.cost <= once.solution.cost


@pytest.mark.parametrize("problem", [town().problem(), crews().problem()], ids=["town", "crews"])
def test_called_off_it_ends_at_once_with_all_it_has_found(
    problem: Problem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "LATER", 1e9)  # it tells nothing on the way
    chunks, told_after = [], []
    ran = Pace.ran

    def noted(pace: Pace, iterations: int, seconds: float) -> None:
        chunks.append(iterations)
        ran(pace, iterations, seconds)

    def hear(*_: object) -> bool:
        told_after.append(len(chunks))
        return True

    monkeypatch.setattr(Pace, "ran", noted)
    stop = Stop(seconds=FOREVER, iterations=100_000, called_off=lambda: len(chunks) == 2)

    result = Lns().solve(problem, stop, seed=1, report=hear)

    assert result.status is Status.INTERRUPTED
    assert result.iterations == 2 * CHUNK
    assert told_after[-1] == 2


class Told:
    """A plan from elsewhere, given once, at the end; what was reported by then is noted."""

    def __init__(self, reported: list[int], routes: tuple[Ints, ...]) -> None:
        self.reported = reported
        self.met: list[int] = []
        self._routes = routes

    def due(self, progress: float) -> bool:
        return progress > 0.9 and not self.met

    def __call__(self, progress: float) -> tuple[Ints, ...] | None:
        self.met += self.reported
        return self._routes


class Open(Lns):
    """Lets its search be seen."""

    def _search(
        self, problem: Problem, routes: Sequence[Ints], stop: Stop, seed: int
    ) -> engine_module.Search:
        self.search = super()._search(problem, routes, stop, seed)
        return self.search


class Asking(Told):
    """Also asks at the meeting what the search itself has found."""

    def __init__(self, reported: list[int], routes: tuple[Ints, ...], engine: Open) -> None:
        super().__init__(reported, routes)
        self.known: tuple[Ints, ...] = ()
        self._engine = engine

    def __call__(self, progress: float) -> tuple[Ints, ...] | None:
        self.known = self._engine.search.best_routes()
        return super().__call__(progress)


def test_before_a_meeting_it_tells_all_it_knows() -> None:
    problem = town().problem()
    stop = Stop(seconds=FOREVER, iterations=2_000)
    good = Lns().solve(problem, Stop(seconds=FOREVER, iterations=20_000), seed=4).solution
    assert good is not None
    reported: list[int] = []
    engine = Open()
    engine.exchange = told = Asking(reported, good.routes, engine)
    found = engine.solve(
        problem, stop, seed=1, report=lambda _, plan: bool(reported.append(plan.cost) or True)
    )
    known = time_routes(problem, told.known).solution
    assert known is not None
    assert found.solution is not None
    assert len(told.met) > 1
    assert min(told.met) == known.cost
    assert found.solution.cost <= good.cost


class Standing:
    """A search that finds nothing; what it is told to go on from is noted, and when."""

    def __init__(self, routes: tuple[Ints, ...]) -> None:
        self.taken: list[tuple[float, tuple[Ints, ...]]] = []
        self._routes = routes
        self._progress = 0.0

    def run(self, iterations: int, progress: float) -> bool:
        self._progress = progress
        return False

    def recombine(self, progress: float) -> bool:
        return False

    def best_routes(self) -> tuple[Ints, ...]:
        return self._routes

    def is_cool(self, progress: float) -> bool:
        return progress > 0.96

    def take(self, routes: tuple[Ints, ...]) -> None:
        self.taken.append((self._progress, routes))


@pytest.mark.parametrize("is_better", [True, False])
def test_a_better_plan_from_elsewhere_waits_until_the_search_is_cool(is_better: bool) -> None:
    problem = town().problem()
    poor = Greedy().solve(problem, Stop(seconds=FOREVER)).solution
    good = Lns().solve(problem, Stop(seconds=FOREVER, iterations=2_000), seed=4).solution
    assert poor is not None
    assert good is not None
    assert good.cost < poor.cost
    told, own = (good, poor) if is_better else (poor, good)
    engine, search = Lns(), Standing(own.routes)
    engine.exchange = Told([0], told.routes)  # at nine tenths of the run
    incumbent = Incumbent(problem, None)
    pace = Pace(Stop(seconds=FOREVER, iterations=100 * CHUNK), incumbent)

    result = engine._improve(search, pace, incumbent)

    assert result.solution is not None
    assert result.solution.cost == good.cost
    assert len(search.taken) == is_better
    for progress, routes in search.taken:
        assert progress > 0.95
        assert [row.tolist() for row in routes] == [row.tolist() for row in good.routes]


LIGHT = """
import sys
from dispatch.solver.child.rehearsal import rehearse
from dispatch.solver.engines import load_engine

rehearse(load_engine("lns"))
print(sorted({"pandas", "ortools.sat.python.cp_model"} & set(sys.modules)))
"""


def test_its_start_does_not_wait_for_what_it_has_no_use_for() -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    ended = subprocess.run(
        [sys.executable, "-c", LIGHT], env=environment, capture_output=True, text=True, check=True
    )
    assert ended.stdout.split() == ["[]"]


def test_where_regret_insertion_finds_no_plan_that_holds_the_run_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    none = Result(status=Status.FAILED, solution=None, message="none holds")
    monkeypatch.setattr(engine_module, "_first", lambda *_: none)
    crew = [Call(place=at, group=0) for at in (0, 0)]
    problem = Small(
        positions=[0],
        vans=[Van(owner=0), Van(owner=1)],
        calls=[*crew, Call(place=0, group=1)],
        ties=[Tie(before=0, after=1, low=0, high=0)],
        unserved=1_000,
    ).problem()
    found = Lns().solve(problem, Stop(seconds=FOREVER, iterations=5), seed=1).solution
    assert found is not None
    assert found.unserved_visits == 0
