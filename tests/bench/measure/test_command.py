"""The command line of data/benchmarks, with an engine that runs in this process."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from tests.bench.solving import solve_here

import measure
import part_moments
import part_sets
from dispatch.solver.engine import Report, Result, Stop
from dispatch.solver.problem import Problem


@pytest.fixture
def out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    def solve(
        engine: str, problem: Problem, time_s: float, *, seed: int, report: Report | None = None
    ) -> Result:
        return solve_here(engine, problem, Stop(seconds=time_s), seed=seed, report=report)

    monkeypatch.setattr(part_sets, "get_ready", lambda engines: None)
    monkeypatch.setattr(part_sets, "solve", solve)
    return tmp_path / "out"


def test_sets_are_run_verified_and_shown(
    published: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call = ["sets", str(published), "--engines", "lns", "vroom", "--seconds", "5", "--seeds", "2"]
    assert measure.main([*call, "--out", str(out)]) == 0
    runs = [json.loads(line) for line in (out / "sets.jsonl").read_text("utf-8").splitlines()]
    assert {(run["instance"], run["engine"], run["seed"]) for run in runs} == {
        ("TINY", "lns", 1),
        ("TINY", "lns", 2),
        ("TINY", "vroom", 1),
        ("care", "lns", 1),
        ("care", "lns", 2),
        ("care", "vroom", 1),
    }
    assert all(Path(run["solution"]).is_file() for run in runs if not run["lacks"])
    assert all(run["verified"] for run in runs if not run["lacks"])
    page = (out / "sets.md").read_text("utf-8")
    assert "## sdvrptw sets" in page
    assert "`vroom` was not run on 1 of 1: it cannot express" in page
    assert (out / "sets.png").is_file()
    assert str(out / "sets.md") in capsys.readouterr().out


def test_a_mistyped_path_is_refused_and_costs_nothing(
    out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out.mkdir()
    stands = '{"engine": "lns"}\n'
    (out / "sets.jsonl").write_text(stands, "utf-8")
    assert measure.main(["sets", "nowhere", "--anew", "--out", str(out)]) == measure.BAD_INPUT
    assert (out / "sets.jsonl").read_text("utf-8") == stands
    assert "bench.path.missing" in capsys.readouterr().err


def test_solution_files_are_checked(
    published: Path, out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "found"
    call = ["check", str(published), "--solutions", str(folder), "--out", str(out)]
    assert measure.main(call) == measure.FAILED
    assert "no file" in capsys.readouterr().err

    run = ["sets", str(published), "--engines", "lns", "--seconds", "5", "--seeds", "1"]
    assert measure.main([*run, "--out", str(out)]) == 0
    for line in (out / "sets.jsonl").read_text("utf-8").splitlines():
        made = json.loads(line)
        target = folder / made["group"].split()[0]
        target.mkdir(parents=True, exist_ok=True)
        suffix = "".join(Path(made["solution"]).suffixes)
        shutil.copy(made["solution"], target / f"{made['instance']}-s1{suffix}")
    assert measure.main(call) == 0
    rows = [line for line in (out / "check.md").read_text("utf-8").splitlines() if "-s1" in line]
    assert len(rows) == 2
    assert all(row.endswith("| 0 | yes |") for row in rows)

    (folder / "hhcrsp" / "care-s2.json").write_text("{}", "utf-8")
    assert measure.main(call) == measure.FAILED
    assert "care-s2.json" in capsys.readouterr().err


@pytest.mark.slow
def test_what_a_person_waits_for_is_measured(
    out: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(part_moments, "STARTED", ("greedy",))
    monkeypatch.setattr(part_moments, "STARTS", 1)
    monkeypatch.setattr(part_moments, "JOBS", 12)
    monkeypatch.setattr(part_moments, "solve", part_sets.solve)
    assert measure.main(["moments", "--size", "small", "--out", str(out)]) == 0
    page = (out / "moments.md").read_text("utf-8")
    times = {
        line.split("|")[1].strip(): line.split("|")[2].strip()
        for line in page.splitlines()
        if "|" in line
    }
    assert times["`greedy` is ready"] == "1"
    assert times["a plan made ready for questions"] == "12"
    alone, tied = times["a job tried everywhere"], times["a job tied to others, tried everywhere"]
    assert int(alone) + int(tied) == 12
    assert str(out / "moments.md") in capsys.readouterr().out
