from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.bench.solving import solve_here, solve_nothing
from tests.formats.benchmarks.instances import CARE_COST
from tests.solver.small import Call, Small

from dispatch.bench import run as bench
from dispatch.bench.options import BenchOptions
from dispatch.bench.progress import BenchProgress
from dispatch.bench.run import run_bench
from dispatch.errors import InvalidInput, InvalidValue
from dispatch.formats.benchmarks.sources import read_instance
from dispatch.solver.engine import Report, Result, Status, Stop
from dispatch.solver.problem import Problem

KEYS = [
    *("set", "instance", "engine", "seed", "time_s", "seconds", "cost"),
    *("best_known", "gap_pct", "unserved", "verified", "solution"),
]


@pytest.fixture
def options(tmp_path: Path) -> BenchOptions:
    return BenchOptions(engines=("greedy",), seconds=10, seeds=2, out=tmp_path / "out" / "r.json")


def written(options: BenchOptions) -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = json.loads(options.out.read_text())
    return records


def test_every_run_is_a_record_with_the_agreed_keys(published: Path, options: BenchOptions) -> None:
    report = run_bench([published], options, solve=solve_here)
    records = written(options)
    assert report.good
    assert all(list(record) == KEYS for record in records)
    assert [(each["set"], each["instance"], each["seed"]) for each in records] == [
        ("sdvrptw", "TINY", 1),
        ("sdvrptw", "TINY", 2),
        ("hhcrsp", "care", 1),
        ("hhcrsp", "care", 2),
    ]
    assert records[0]["best_known"] == 30_000
    assert records[2]["best_known"] == pytest.approx(CARE_COST)


def test_the_written_solution_says_what_the_record_says(
    published: Path, options: BenchOptions
) -> None:
    run_bench([published], options, solve=solve_here)
    files = {"TINY": published / "TINY.vrp", "care": published / "care.json"}
    for record in written(options):
        instance = read_instance(files[record["instance"]])
        checked = instance.check(instance.read_solution(Path(record["solution"])))
        assert checked.cost == record["cost"]
        assert len(checked.unserved) == record["unserved"] == 0
        assert record["verified"]
        best = record["best_known"]
        assert record["gap_pct"] == pytest.approx(100 * (checked.cost / best - 1), abs=1e-3)


def test_published_costs_are_reproduced_before_anything_runs(
    published: Path, options: BenchOptions
) -> None:
    stages: list[BenchProgress] = []
    run_bench([published], options, progress=stages.append, solve=solve_here)
    assert [each.findings for each in stages[0].reproductions] == [(), ()]
    assert all(each.best_known for each in stages[0].reproductions)
    assert (stages[0].done, stages[0].total) == (0, 4)
    assert stages[0].last is None
    assert (stages[-1].done, stages[-1].total) == (4, 4)
    assert any(stage.best is not None for stage in stages)


def test_a_published_cost_that_is_not_reproduced_is_no_yardstick(
    published: Path, options: BenchOptions
) -> None:
    (published / "TINY.sol").write_text("Route #1: 1 2\nRoute #2: 3\nCost: 29000\n")
    report = run_bench([published / "TINY.vrp"], options, solve=solve_here)
    assert not report.good
    assert [finding.values["found"] for finding in report.refused] == [30_000]
    assert {record["best_known"] for record in written(options)} == {None}
    assert {record["gap_pct"] for record in written(options)} == {None}


def test_a_published_solution_that_cannot_be_read_is_reported(
    published: Path, options: BenchOptions
) -> None:
    (published / "TINY.sol").write_text("nonsense\n")
    report = run_bench([published / "TINY.vrp"], options, solve=solve_here)
    assert [finding.code for finding in report.refused] == ["bench.sol.line"]
    assert not report.good
    assert all(record["verified"] for record in written(options))


def test_an_engine_that_gives_nothing_is_counted_as_serving_nobody(
    published: Path, options: BenchOptions
) -> None:
    report = run_bench([published], options, solve=solve_nothing)
    assert not report.good
    assert [each["unserved"] for each in written(options)] == [3, 3, 3, 3]
    assert {(each["cost"], each["gap_pct"], each["solution"]) for each in written(options)} == {
        (None, None, None)
    }
    assert {run.message for run in report.runs} == {"crashed"}


def test_customers_that_are_left_out_leave_no_gap(published: Path, options: BenchOptions) -> None:
    def serve_one_less(
        engine: str, problem: Problem, stop: Stop, *, seed: int, report: Report | None = None
    ) -> Result:
        result = solve_here(engine, problem, stop, seed=seed)
        assert result.solution is not None
        shorter = tuple(route[1:] for route in result.solution.routes)
        return replace(result, solution=replace(result.solution, routes=shorter))

    report = run_bench([published / "TINY.vrp"], options, solve=serve_one_less)
    record = written(options)[0]
    assert record["verified"]
    assert record["unserved"] > 0
    assert record["cost"] is not None
    assert record["gap_pct"] is None
    assert report.good


def test_a_solution_that_breaks_a_rule_is_not_verified(
    published: Path, options: BenchOptions
) -> None:
    def swap_vehicles(
        engine: str, problem: Problem, stop: Stop, *, seed: int, report: Report | None = None
    ) -> Result:
        result = solve_here(engine, problem, stop, seed=seed)
        assert result.solution is not None
        swapped = tuple(reversed(result.solution.routes))
        return replace(result, solution=replace(result.solution, routes=swapped))

    report = run_bench([published / "TINY.vrp"], options, solve=swap_vehicles)
    assert not report.good
    assert not written(options)[0]["verified"]
    assert "bench.check.site" in {error.code for error in report.runs[0].errors}


def test_an_interrupt_keeps_what_was_run(published: Path, options: BenchOptions) -> None:
    def interrupted(
        engine: str, problem: Problem, stop: Stop, *, seed: int, report: Report | None = None
    ) -> Result:
        return replace(solve_here(engine, problem, stop, seed=seed), status=Status.INTERRUPTED)

    report = run_bench([published], options, solve=interrupted)
    assert report.interrupted
    assert len(report.runs) == len(written(options)) == 1


def test_an_instance_that_cannot_be_read_is_reported_and_the_others_run(
    published: Path, options: BenchOptions
) -> None:
    (published / "BROKEN.vrp").write_text("TYPE: VRPTW\n")
    report = run_bench([published], options, solve=solve_here)
    assert {finding.code for finding in report.refused} == {"bench.vrplib.header.missing"}
    assert len(report.runs) == 4
    assert not report.good


def test_instances_of_one_name_are_refused(published: Path, options: BenchOptions) -> None:
    (published / "twin").mkdir()
    (published / "twin" / "TINY.vrp").write_text((published / "TINY.vrp").read_text())
    with pytest.raises(InvalidInput) as caught:
        run_bench([published], options, solve=solve_here)
    assert {finding.code for finding in caught.value.findings} == {"bench.instance.repeated"}
    assert len(caught.value.findings) == 2


def test_unknown_engines_are_all_named(published: Path, options: BenchOptions) -> None:
    strange = replace(options, engines=("greedy", "magic", "luck"))
    with pytest.raises(InvalidInput) as caught:
        run_bench([published], strange, solve=solve_here)
    assert [finding.values["name"] for finding in caught.value.findings] == ["magic", "luck"]


@pytest.mark.parametrize("wrong", [{"seeds": 0}, {"seeds": 1001}, {"seconds": 0}])
def test_options_that_cannot_be_run_are_refused(
    options: BenchOptions, wrong: dict[str, int]
) -> None:
    with pytest.raises(InvalidValue):
        replace(options, **wrong)  # type: ignore[arg-type]  # what a careless caller would do


@pytest.mark.parametrize(("engine", "cores"), [("lns", 1), ("pyvrp", 1), ("portfolio", None)])
def test_all_but_a_portfolio_work_on_one_core(
    engine: str, cores: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A big instance too, which the usual engine solves in parts."""
    asked: list[int | None] = []

    def noted(*_: object, cores: int | None, **__: object) -> Result:
        asked.append(cores)
        return Result(status=Status.SOLVED, solution=None)

    monkeypatch.setattr(bench, "run", noted)
    problem = Small(positions=[0], calls=[Call(place=0)]).problem()
    bench.run_apart(engine, problem, Stop(seconds=1), seed=1)
    assert asked == [cores]
