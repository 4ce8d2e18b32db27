"""Searches that share their plans: what is common to them, and what one of them can spoil."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest
from tests.solver.small import Call, Small, Van

from dispatch.errors import InvalidValue
from dispatch.solver import child
from dispatch.solver import run as running
from dispatch.solver.child import warm_up
from dispatch.solver.engine import Result, Status, Stop
from dispatch.solver.lns.engine import Lns
from dispatch.solver.portfolio.cores import usable_cores
from dispatch.solver.portfolio.engine import Portfolio
from dispatch.solver.portfolio.parameters import PortfolioParameters, seeds
from dispatch.solver.problem import Links, Problem
from dispatch.solver.run import run
from dispatch.solver.solution import Solution

LONG = Stop(seconds=300)
BAD = "tests.solver.child.bad_engines:"
MET = "tests.solver.portfolio.meeting_engines:"


@pytest.fixture
def problem() -> Problem:
    """Two vehicles of which neither may serve everybody."""
    return Small(
        positions=(0, 100, 200),
        vans=(Van(), Van()),
        calls=(Call(place=1, only=(0,)), Call(place=2, only=(1,))),
    ).problem()


@pytest.fixture(scope="module")
def town() -> Problem:
    """Thirty calls with windows: more than a few iterations can settle."""
    return Small(
        positions=[(37 * at) % 1_000 for at in range(31)],
        vans=[Van(time_price=1) for _ in range(4)],
        calls=[
            Call(place=1 + at, duration=60, windows=[(start, start + 3_000)])
            for at, start in enumerate((613 * at) % 5_000 for at in range(30))
        ],
    ).problem()


@pytest.fixture(scope="module")
def tied_town(town: Problem) -> Problem:
    """The same, but ten of the calls come right after another, by somebody else."""
    first = np.arange(0, 20, 2)
    links = Links(
        before=first,
        after=first + 1,
        from_end=np.zeros(10, np.bool_),
        min_delay_s=np.full(10, 30),
        max_delay_s=np.full(10, 900),
    )
    group = np.repeat(np.arange(20), [2] * 10 + [1] * 10)
    windows = replace(town.visits.windows, end_s=np.full(30, 9_000), start_s=np.zeros(30, np.int64))
    visits = replace(town.visits, group=group, windows=windows)
    return replace(town, visits=visits, links=links, unserved_price=town.unserved_price[:20])


@pytest.fixture(autouse=True, scope="module")
def _compiled() -> None:
    """Searches start together: one that compiles would keep the others waiting."""
    warm_up("lns")


@pytest.fixture(autouse=True)
def _nothing_is_left() -> object:
    before = {child.pid for child in psutil.Process().children(recursive=True)}
    yield
    after = {child.pid for child in psutil.Process().children(recursive=True)}
    assert after <= before


def solve(engines: Sequence[str], problem: Problem, stop: Stop = LONG, **options: object) -> Result:
    parameters = PortfolioParameters(engines=tuple(engines), meetings=20)
    return Portfolio(parameters).solve(problem, stop, seed=1, **options)  # type: ignore[arg-type]


def rows(solution: Solution | None) -> list[list[int]]:
    assert solution is not None
    return [route.tolist() for route in solution.routes]


@pytest.mark.parametrize("day", ["town", "tied_town"])
def test_the_same_seed_gives_the_same_plan(day: str, request: pytest.FixtureRequest) -> None:
    problem: Problem = request.getfixturevalue(day)
    stop = Stop(seconds=300, iterations=400)
    one, two = (solve(["lns", "lns"], problem, stop) for _ in range(2))
    assert rows(one.solution) == rows(two.solution)
    assert one.status is Status.SOLVED
    assert one.iterations == 800
    assert one.message == ""
    assert one.solution is not None
    assert one.solution.unserved_visits == 0
    assert [step.cost for step in one.curve][-1] == one.solution.cost


def test_one_search_does_what_it_does_alone(town: Problem) -> None:
    stop = Stop(seconds=300, iterations=200)
    assert rows(solve(["lns"], town, stop).solution) == rows(
        Lns().solve(town, stop, seed=1).solution
    )


def test_who_lags_goes_on_from_the_best_plan(problem: Problem) -> None:
    result = solve([f"{MET}Knows", f"{MET}Learns"], problem, Stop(seconds=300, iterations=1))
    assert result.status is Status.SOLVED
    assert result.message == "nothing new; taken over"


def test_who_leads_is_told_nothing(problem: Problem) -> None:
    result = solve([f"{MET}Knows", f"{MET}Knows"], problem, Stop(seconds=300, iterations=1))
    assert result.message == "nothing new"


def test_a_run_that_is_called_off_ends_with_the_best_plan_of_all(problem: Problem) -> None:
    told: list[int] = []

    def hear(_seconds: float, solution: Solution) -> bool:
        told.append(solution.cost)
        return True

    stop = Stop(seconds=300, called_off=lambda: bool(told))
    result = solve([f"{BAD}Hang", f"{BAD}KeepTheBestForTheEnd"], problem, stop, report=hear)
    assert result.status is Status.INTERRUPTED
    assert rows(result.solution) == [[0], [1]]


def test_with_a_clock_nobody_waits_for_anybody(problem: Problem) -> None:
    result = solve([f"{MET}KnowsAndKeepsAway", f"{MET}KeepsAsking"], problem, Stop(seconds=30))
    assert result.message == "nothing new; taken over"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("SegmentationFault", "SIGSEGV"),
        ("Raise", "one by none"),
        ("BreakRules", "not-allowed"),
        ("TalkGarbage", "not a message"),
    ],
)
def test_a_search_that_is_lost_costs_its_share_and_is_told_of(
    name: str, said: str, problem: Problem
) -> None:
    result = solve(["lns", BAD + name], problem, Stop(seconds=300, iterations=50))
    assert result.status is Status.SOLVED
    assert "1 of 2" in result.message
    assert said in result.message
    assert result.solution is not None
    assert result.solution.unserved_visits == 0


def test_a_search_that_dies_at_a_meeting_keeps_nobody_waiting(problem: Problem) -> None:
    result = solve([f"{MET}Knows", f"{MET}DiesOnTheWay"], problem, Stop(seconds=300, iterations=1))
    assert result.status is Status.SOLVED
    assert "1 of 2" in result.message


def test_a_search_that_does_not_end_is_ended_soon_after_the_others(problem: Problem) -> None:
    result = solve(["lns", f"{BAD}Hang"], problem, Stop(seconds=1))
    assert result.status is Status.SOLVED
    assert "did not end" in result.message
    assert result.seconds < 1.2 * 1 + 5


def test_where_all_are_lost_the_run_has_failed_with_the_best_plan(problem: Problem) -> None:
    result = solve([f"{BAD}Raise", f"{BAD}Exit"], problem)
    assert result.status is Status.FAILED
    assert "one by none" in result.message
    assert "out of luck" in result.message
    assert result.solution is not None
    assert result.solution.unserved_visits == 0


def test_a_proof_ends_the_other_searches(problem: Problem) -> None:
    result = solve([f"{MET}Proves", f"{BAD}ReportOnAndOn"], problem)
    assert result.status is Status.OPTIMAL
    assert result.lower_bound == 7


def test_a_proof_cuts_no_search_short_that_has_to_repeat(problem: Problem) -> None:
    """Which of two plans of one cost there is would be up to the clock."""
    result = solve([f"{MET}Proves", "lns"], problem, Stop(seconds=300, iterations=20_000))
    assert result.status is Status.OPTIMAL
    assert result.iterations >= 20_000


def test_a_report_that_answers_false_stops_them_all(problem: Problem) -> None:
    engines = [f"{BAD}ReportOnAndOn", f"{BAD}Hang"]
    result = solve(engines, problem, report=lambda *_: False)
    assert result.status is Status.INTERRUPTED
    assert result.solution is not None


def test_begins_from_the_plan_it_is_given(town: Problem) -> None:
    good = Lns().solve(town, Stop(seconds=300, iterations=500), seed=3).solution
    assert good is not None
    result = solve(["lns", "lns"], town, Stop(seconds=300, iterations=1), initial=good)
    assert result.solution is not None
    assert result.solution.cost <= good.cost
    assert result.curve[0].cost == good.cost


def test_the_usual_searches_are_as_many_as_there_are_cores(town: Problem) -> None:
    assert PortfolioParameters(cores=3).engines_for(town) == ("lns", "lns", "lns")
    assert len(PortfolioParameters().engines_for(town)) <= usable_cores()


def test_every_search_has_a_seed_of_its_own() -> None:
    drawn = seeds(5, 4)
    assert drawn[0] == 5
    assert len(set(drawn)) == 4
    assert drawn == seeds(5, 4)


@pytest.mark.parametrize(
    ("quota", "most"),
    [("100000 100000", 1), ("50000 100000", 1), ("max 100000", 10**9), ("", 10**9)],
)
def test_a_container_has_the_cores_of_its_quota(quota: str, most: int, tmp_path: Path) -> None:
    file = tmp_path / "cpu.max"
    file.write_text(quota)
    assert 1 <= usable_cores(file) <= most
    assert usable_cores(tmp_path / "none") >= 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"cores": 0}, "portfolio.cores"),
        ({"cores": 65}, "portfolio.cores"),
        ({"meetings": -1}, "portfolio.meetings"),
        ({"engines": ("nonesuch",)}, "engine.unknown"),
    ],
)
def test_impossible_parameters_are_refused(changes: dict[str, object], code: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        PortfolioParameters(**changes)  # type: ignore[arg-type]
    assert caught.value.code == code
    assert caught.value.finding().cure()


def test_several_cores_are_for_those_who_can_use_them(problem: Problem) -> None:
    stop = Stop(seconds=300, iterations=20)
    with pytest.raises(InvalidValue) as caught:
        run("lns", problem, stop, seed=1, cores=2)
    assert caught.value.code == "engine.one-core"
    # On so small a day the second search is cpsat, and only that can prove anything.
    assert run("portfolio", problem, stop, seed=1, cores=1).status is Status.SOLVED
    assert run("portfolio", problem, stop, seed=1, cores=2).status is Status.OPTIMAL


def test_the_usual_engine_may_use_several_cores_on_a_big_day(
    problem: Problem, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int | None] = []

    def noted(*_: object, cores: int | None, **__: object) -> Result:
        asked.append(cores)
        return Result(status=Status.SOLVED, solution=None)

    monkeypatch.setattr(running, "is_big", lambda _: True)
    monkeypatch.setattr(child, "run", noted)
    run("lns", problem, Stop(seconds=1), seed=1, cores=2)
    assert asked == [2]


@pytest.mark.parametrize("cores", [None, 3])
def test_an_engine_that_spreads_is_told_how_far(problem: Problem, cores: int | None) -> None:
    """As the usual engine does, and a portfolio, on a day that is solved in parts."""
    engine = f"{MET}SaysCores"
    alone = child.run(engine, problem, LONG, seed=1, cores=cores)
    parameters = PortfolioParameters(engines=(engine,), cores=cores)
    led = Portfolio(parameters).solve(problem, LONG, seed=1)
    assert alone.message == led.message == f"{cores} cores"


def test_searches_side_by_side_know_which_they_are(problem: Problem) -> None:
    result = solve([MET + "Says"] * 3, problem)
    assert result.message.endswith("I am 0; I am 1; I am 2")
