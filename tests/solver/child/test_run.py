from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from tests.solver.small import Call, Small, Van

from dispatch.errors import InvalidValue
from dispatch.solver.child import parent, run, warm_up
from dispatch.solver.child.rehearsal import is_warm
from dispatch.solver.engine import Result, Status, Stop
from dispatch.solver.engines import engine_names
from dispatch.solver.greedy import Greedy
from dispatch.solver.problem import Problem
from dispatch.solver.run import PORTFOLIO
from dispatch.solver.solution import Solution

ROOT = Path(__file__).parents[3]
LONG = Stop(seconds=300)


@pytest.fixture
def problem() -> Problem:
    """Two vehicles of which neither may serve everybody."""
    return Small(
        positions=(0, 100, 200),
        vans=(Van(), Van()),
        calls=(Call(place=1, only=(0,)), Call(place=2, only=(1,))),
    ).problem()


@pytest.fixture
def good(problem: Problem) -> Solution:
    solution = Greedy().solve(problem, LONG, seed=0).solution
    assert solution is not None
    return solution


@pytest.fixture(autouse=True)
def _nothing_is_left() -> object:
    before = {child.pid for child in psutil.Process().children(recursive=True)}
    yield
    after = {child.pid for child in psutil.Process().children(recursive=True)}
    assert after <= before


@pytest.fixture
def _ctrl_c_is_heard() -> Iterator[None]:
    """Also where whoever runs the tests ignores it, as a shell does for what it puts behind."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def run_bad(name: str, problem: Problem, stop: Stop = LONG, **options: object) -> Result:
    path = f"tests.solver.child.bad_engines:{name}"
    return run(path, problem, stop, seed=0, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("engine", sorted(set(engine_names()) - {PORTFOLIO}))
def test_every_engine_runs_in_a_child(engine: str, problem: Problem, good: Solution) -> None:
    heard: list[int] = []

    result = run(
        engine,
        problem,
        Stop(seconds=20, iterations=20),
        seed=1,
        report=lambda _, solution: bool(heard.append(solution.cost)) or True,
    )

    assert result.status is (Status.OPTIMAL if engine == "cpsat" else Status.SOLVED)
    assert result.solution is not None
    assert result.solution.cost == good.cost
    assert heard == [step.cost for step in result.curve]
    assert heard[-1] == good.cost


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("SegmentationFault", "SIGSEGV"),
        ("Abort", "SIGABRT"),
        ("Exit", "exit code 3 fatal: out of luck"),
        ("Raise", "ZeroDivisionError: one by none"),
        ("EatMemory", "MemoryError"),
        ("BreakRules", "not-allowed"),
        ("ReportRuleBreaks", "not-allowed"),
        ("TalkGarbage", "not a message"),
        ("TalkAlmostRight", "not a message"),
        ("TalkNesting", "not a message"),
    ],
)
def test_a_broken_engine_fails_with_its_best_plan(
    name: str, said: str, problem: Problem, good: Solution
) -> None:
    result = run_bad(name, problem)

    assert result.status is Status.FAILED
    assert said in result.message
    assert result.solution is not None
    assert result.solution.cost == good.cost
    assert [step.cost for step in result.curve] == [good.cost]


@pytest.mark.parametrize("name", ["Hang", "ClosePipes"])
def test_an_engine_that_does_not_end_is_ended(name: str, problem: Problem, good: Solution) -> None:
    result = run_bad(name, problem, Stop(seconds=0.1))

    assert result.status in {Status.TIMED_OUT, Status.FAILED}
    assert result.message
    assert result.solution is not None
    assert result.solution.cost == good.cost


def test_an_engine_that_does_not_start_is_ended(problem: Problem) -> None:
    result = run_bad("SlowStart", problem, start_up_s=1.5)

    assert result.status is Status.TIMED_OUT
    assert "not ready" in result.message
    assert result.solution is None


def test_a_lie_about_the_cost_changes_nothing(problem: Problem, good: Solution) -> None:
    result = run_bad("LieAboutCost", problem)

    assert result.solution is not None
    assert result.solution.cost == good.cost


def test_what_an_engine_prints_is_no_message(problem: Problem, good: Solution) -> None:
    result = run_bad("PrintALot", problem)

    assert result.status is Status.SOLVED
    assert result.solution is not None
    assert result.solution.cost == good.cost


def test_an_engine_that_finds_nothing_has_failed(problem: Problem) -> None:
    result = run_bad("FindNothing", problem)

    assert result.status is Status.FAILED
    assert result.solution is None


def test_the_start_is_kept_where_nothing_better_is_found(problem: Problem, good: Solution) -> None:
    result = run_bad("FindNothing", problem, initial=good)

    assert result.status is Status.SOLVED
    assert result.solution is not None
    assert result.solution.cost == good.cost


def test_a_child_without_memory_fails(problem: Problem) -> None:
    result = run("greedy", problem, LONG, seed=0, memory_bytes=2**26)

    assert result.status is Status.FAILED
    assert result.message
    assert result.solution is None


@pytest.mark.parametrize("name", ["ReportOnAndOn", "Hang", "KeepTheBestForTheEnd"])
def test_a_report_that_answers_false_stops(name: str, problem: Problem, good: Solution) -> None:
    result = run_bad(name, problem, report=lambda *_: False)

    assert result.status is Status.INTERRUPTED
    assert result.solution is not None
    assert result.solution.cost == good.cost


@pytest.mark.parametrize("name", ["ReportOnAndOn", "Hang", "KeepTheBestForTheEnd"])
@pytest.mark.usefixtures("_ctrl_c_is_heard")
def test_ctrl_c_stops_with_the_best_plan(name: str, problem: Problem, good: Solution) -> None:
    presses = [threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT))]

    def press_ctrl_c(*_: object) -> bool:
        if presses:
            presses.pop().start()
        return True

    result = run_bad(name, problem, report=press_ctrl_c)

    assert result.status is Status.INTERRUPTED
    assert result.solution is not None
    assert result.solution.cost == good.cost


@pytest.mark.parametrize("name", ["ReportOnAndOn", "Hang", "KeepTheBestForTheEnd"])
def test_a_run_that_is_called_off_ends_with_the_best_plan(
    name: str, problem: Problem, good: Solution
) -> None:
    told: list[int] = []

    def hear(_seconds: float, solution: Solution) -> bool:
        told.append(solution.cost)
        return True

    stop = Stop(seconds=300, called_off=lambda: bool(told))
    result = run_bad(name, problem, stop, report=hear)

    assert result.status is Status.INTERRUPTED
    assert result.solution is not None
    assert result.solution.cost == good.cost


def test_whoever_is_called_off_before_it_begins_is_not_waited_for(problem: Problem) -> None:
    result = run_bad("Hang", problem, Stop(seconds=300, called_off=lambda: True))
    assert result.status is Status.INTERRUPTED


def test_warming_up_is_remembered_and_ends_at_ctrl_c(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        parent, "run", lambda *_, **__: Result(status=Status.INTERRUPTED, solution=None)
    )
    with pytest.raises(KeyboardInterrupt):
        warm_up("greedy")
    monkeypatch.undo()
    warm_up("greedy")
    assert is_warm("greedy")


def test_an_unknown_engine_is_refused_before_anything_starts(problem: Problem) -> None:
    with pytest.raises(InvalidValue) as caught:
        run("nonesuch", problem, LONG, seed=0)

    assert caught.value.code == "engine.unknown"


def test_an_error_of_the_listener_leaves_no_child(problem: Problem) -> None:
    def fail(*_: object) -> bool:
        raise RuntimeError("screen is gone")

    with pytest.raises(RuntimeError, match="screen is gone"):
        run_bad("Hang", problem, report=fail)


def test_the_child_dies_with_its_parent() -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", _A_PARENT],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"},
        stdout=subprocess.PIPE,
    )
    assert parent.stdout is not None
    with parent.stdout as said:
        assert said.readline() == b"solving\n"
        (child,) = psutil.Process(parent.pid).children()
        parent.send_signal(signal.SIGKILL)
        parent.wait()

    child.wait(timeout=30)


_A_PARENT = """
from dispatch.solver.child import parent, run, warm_up
from dispatch.solver.child.rehearsal import is_warm
from dispatch.solver.engine import Stop
from tests.solver.small import Call, Small
problem = Small(positions=(0, 1), calls=(Call(place=1),)).problem()
run(
    "tests.solver.child.bad_engines:Hang",
    problem,
    Stop(seconds=300),
    seed=0,
    report=lambda *_: print("solving", flush=True) or True,
)
"""
