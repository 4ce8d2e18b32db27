from __future__ import annotations

from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import pytest
from tests.solver.partition.part_engines import MARK
from tests.solver.partition.towns import nothing, towns

from dispatch.errors import InvalidValue
from dispatch.solver.engine import Result, Status, Stop
from dispatch.solver.greedy import Greedy
from dispatch.solver.partition.cluster import ADDRESS
from dispatch.solver.partition.engine import Partition, round_s
from dispatch.solver.partition.first import first_plan
from dispatch.solver.partition.parameters import PartitionParameters
from dispatch.solver.partition.size import BIG, is_big
from dispatch.solver.partition.workers import Pool, Workers, process_pool
from dispatch.solver.problem import Problem
from dispatch.solver.solution import Solution
from dispatch.solver.timing import time_routes

ENGINES = "tests.solver.partition.part_engines"
PARAMETERS = PartitionParameters(part_visits=30, workers=2)


def threads() -> Pool:
    return Pool(ThreadPoolExecutor(2), 2)


def solved(problem: Problem, rounds: int = 2, initial: Solution | None = None) -> Result:
    engine = Partition(PARAMETERS, threads)
    return engine.solve(problem, Stop(seconds=600, iterations=rounds), seed=3, initial=initial)


def test_rounds_make_a_plan_better_and_never_worse() -> None:
    problem = towns()
    first = first_plan(problem, nothing(problem), Stop(seconds=600))
    result = solved(problem, rounds=4, initial=first)

    assert result.status is Status.SOLVED
    assert result.iterations == 4
    assert result.solution is not None
    assert result.solution.cost < first.cost
    assert all(one.cost > other.cost for one, other in pairwise(result.curve))
    assert time_routes(problem, result.solution.routes).solution is not None


@pytest.mark.parametrize(("left_s", "count", "least_s"), [(36, 8, 0), (36, 8, 3), (5, 3, 4)])
def test_rounds_grow_and_end_in_time(left_s: float, count: int, least_s: float) -> None:
    lengths: list[float] = []
    for done in range(count):
        lengths.append(round_s(left_s - sum(lengths), done, count - done, least_s))
    assert sum(lengths) == pytest.approx(left_s)
    if least_s == 0:
        assert lengths == pytest.approx([1, 2, 3, 4, 5, 6, 7, 8])
    elif least_s == 3:
        assert all(length >= least_s for length in lengths)
    else:
        assert lengths == [4, 1, 0]


def test_called_off_it_ends_with_the_parts_that_are_there() -> None:
    problem, sent = towns(), []

    class Counting(ThreadPoolExecutor):
        def submit(self, *order: object) -> Future[object]:  # type: ignore[override]
            sent.append(order)
            return super().submit(*order)  # type: ignore[arg-type]

    first = first_plan(problem, nothing(problem), Stop(seconds=600))
    parameters = PartitionParameters(part_visits=10, workers=1)
    stop = Stop(seconds=600, iterations=50, called_off=lambda: len(sent) > 5)
    engine = Partition(parameters, lambda: Pool(Counting(1), 1))

    result = engine.solve(problem, stop, seed=3, initial=first)

    assert result.status is Status.INTERRUPTED
    assert result.iterations == 1
    assert len(sent) <= 6
    assert result.curve[-1].cost < first.cost


def test_a_seed_and_a_number_of_rounds_repeat_a_run() -> None:
    one, other = solved(towns()).solution, solved(towns()).solution

    assert one is not None
    assert other is not None
    assert [row.tolist() for row in one.routes] == [row.tolist() for row in other.routes]


def test_a_first_plan_serves_as_much_as_the_whole_would() -> None:
    problem = towns()
    whole = Greedy().solve(problem, Stop(seconds=600)).solution

    assert whole is not None
    assert (
        first_plan(problem, nothing(problem), Stop(seconds=600)).unserved_visits
        <= whole.unserved_visits + 2
    )


def test_without_time_the_start_comes_back() -> None:
    problem = towns()
    start = nothing(problem)

    assert first_plan(problem, start, Stop(seconds=600, called_off=lambda: True)) is start


def test_who_has_seen_enough_ends_the_run() -> None:
    told: list[int] = []

    def report(_seconds: float, solution: Solution) -> bool:
        told.append(solution.cost)
        return len(told) < 2

    engine = Partition(PARAMETERS, threads)
    result = engine.solve(towns(), Stop(seconds=600), seed=1, report=report)

    assert result.status is Status.INTERRUPTED
    assert len(told) == 2


def test_a_day_of_one_part_is_solved_at_once() -> None:
    problem = towns()
    engine = Partition(PartitionParameters(part_visits=100, engine="greedy", workers=1), _no_pool)

    assert engine.solve(problem, Stop(seconds=600), seed=1).solution is not None


def test_no_more_workers_than_cores_are_given(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def pool(_engine: str, workers: int) -> Pool:
        asked.append(workers)
        return threads()

    monkeypatch.setattr("dispatch.solver.partition.engine.process_pool", pool)
    monkeypatch.delenv(ADDRESS, raising=False)
    engine = Partition(replace(PARAMETERS, workers=None))
    engine.cores = 1
    engine.solve(towns(), Stop(seconds=600, iterations=1), seed=1)
    assert asked == [1]


def _no_pool() -> Pool:
    raise AssertionError("nobody should be asked")


def test_a_killed_worker_costs_time_and_not_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = tmp_path / "killed"
    monkeypatch.setenv(MARK, str(mark))
    engine = f"{ENGINES}:KilledOnce"
    parameters = PartitionParameters(part_visits=15, workers=2, engine=engine)
    partition = Partition(parameters, partial(process_pool, engine, 2))
    problem = towns()
    start = nothing(problem)
    result = partition.solve(problem, Stop(seconds=600, iterations=2), seed=1, initial=start)

    assert mark.exists()
    assert result.status is Status.SOLVED
    assert result.iterations == 2
    assert result.message == ""
    assert result.solution is not None
    assert result.solution.cost < start.cost


@pytest.mark.parametrize("name", ["KilledByLoad", "RaisesOverLoad"])
def test_a_part_that_cannot_be_solved_stays_as_it_is_and_the_others_are_solved(name: str) -> None:
    engine = f"{ENGINES}:{name}"
    parameters = PartitionParameters(part_visits=30, workers=2, engine=engine)
    partition = Partition(parameters, partial(process_pool, engine, 2))
    problem = towns()
    load = np.zeros_like(problem.visits.load)
    load[-1] = 1
    problem = replace(problem, visits=replace(problem.visits, load=load))
    first = first_plan(problem, nothing(problem), Stop(seconds=600), seed=1)
    result = partition.solve(problem, Stop(seconds=600, iterations=1), seed=3, initial=first)

    assert result.status is Status.SOLVED
    assert result.iterations == 1
    assert "a part could not be solved" in result.message
    assert ("too heavy" in result.message) == (name == "RaisesOverLoad")
    assert result.solution is not None
    assert result.solution.cost < first.cost


class StuckOnce(Executor):
    """Never answers to the first order there is; has nothing better for any other."""

    def __init__(self, stuck: list[bool]) -> None:
        self._stuck = stuck

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        answer: Future[Any] = Future()
        if self._stuck:
            self._stuck.pop()
        else:
            answer.set_result(None)
        return answer


def test_a_part_that_is_not_answered_holds_up_its_own_round_alone() -> None:
    parameters = replace(PARAMETERS, rounds=2, shortest_s=0.1)
    stuck = [True]
    partition = Partition(parameters, lambda: Pool(StuckOnce(stuck), 2))
    result = partition.solve(towns(), Stop(seconds=3), seed=1)

    assert not stuck
    assert result.iterations >= 2


def test_what_is_there_when_it_is_too_late_is_not_lost_and_who_is_late_is_left_behind() -> None:
    stuck, opened = [True], []

    def open_pool() -> Pool:
        opened.append(Pool(StuckOnce(stuck), 2))
        return opened[-1]

    with Workers(open_pool) as workers:
        soon = workers.answers(lambda _: b"", 3, perf_counter() + 0.5)
        assert list(soon) == [(1, None), (2, None)]
        assert len(opened) == 1
        later = workers.answers(lambda _: b"", 3, perf_counter() + 600)
        assert list(later) == [(0, None), (1, None), (2, None)]
        assert len(opened) == 2


def test_a_pool_that_is_found_broken_when_it_is_to_do_more_is_replaced() -> None:
    broken = [True]

    class BrokenOnce(ThreadPoolExecutor):
        def submit(self, *order: object) -> Future[object]:  # type: ignore[override]
            if broken and broken.pop():
                raise BrokenExecutor
            return super().submit(*order)  # type: ignore[arg-type]

    partition = Partition(PARAMETERS, lambda: Pool(BrokenOnce(2), 2))
    stop = Stop(seconds=600, iterations=2)
    problem = towns()
    result = partition.solve(problem, stop, seed=3, initial=nothing(problem))

    assert not broken
    assert result.status is Status.SOLVED
    assert result.iterations == 2


class Breaking(Executor):
    """Loses whatever it is given."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        lost: Future[Any] = Future()
        lost.set_exception(BrokenExecutor("killed"))
        return lost


def test_workers_that_always_die_end_the_rounds_and_leave_the_plan() -> None:
    engine = Partition(PARAMETERS, lambda: Pool(Breaking(), 2))
    result = engine.solve(towns(), Stop(seconds=600, iterations=2), seed=1)

    assert result.solution is not None
    assert result.iterations == 0
    assert "the best plan until then is kept" in result.message
    assert "killed" in result.message


def test_big_is_said_in_one_place() -> None:
    assert not is_big(towns())
    assert BIG > 1_000


@pytest.mark.parametrize("field", ["part_visits", "rounds", "shortest_s", "visit_iterations"])
def test_impossible_parameters_are_refused(field: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        PartitionParameters(**{field: 0})

    assert caught.value.code == "partition.positive"


def test_no_workers_are_too_few() -> None:
    with pytest.raises(InvalidValue):
        PartitionParameters(workers=0)
