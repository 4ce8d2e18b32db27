"""A day from its making to its report, through the command line."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.cli.conftest import Run
from typer.testing import CliRunner

from dispatch.cli import program
from dispatch.cli.exit_codes import ExitCode
from dispatch.cli.main import app

SOURCE = Path(program.__file__).parents[2]
LISTENS = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
"""Whatever runs the tests in the background may ignore SIGINT, which children inherit."""
PROGRAM = (sys.executable, "-c", f"{LISTENS}; from dispatch.cli.main import app; app()")


@dataclass(frozen=True)
class Story:
    folder: Path
    day: Path
    plan: Path
    told: str
    """What ``solve`` printed."""


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    folder = tmp_path_factory.mktemp("story")
    day, plan = folder / "day.json", folder / "plan.json"
    runner = CliRunner(env={"LC_ALL": "en_GB.UTF-8"})
    made = runner.invoke(app, ["demo", "--size", "small", "--seed", "4", "--out", str(day)])
    assert made.exit_code == ExitCode.FINE, made.output
    words = ["solve", str(day), "--engine", "greedy", "--time", "20", "--out", str(plan)]
    solved = runner.invoke(app, words)
    assert solved.exit_code == ExitCode.FINE, solved.output
    return Story(folder, day, plan, solved.stdout)


def test_solving_prints_the_figures_and_the_verdict(story: Story) -> None:
    assert "Jobs served" in story.told
    assert "yes, by the independent checker" in story.told
    assert "Jobs left out" in story.told
    assert str(story.plan) in story.told
    assert not any(line.endswith(" ") for line in story.told.splitlines())


def test_solving_speaks_json_alone_on_standard_output(run: Run, story: Story) -> None:
    out = story.folder / "again.json"
    result = run(
        "solve", story.day, "--engine", "greedy", "--from", story.plan, "--out", out, "--json"
    )
    assert result.exit_code == ExitCode.FINE, result.output
    told = json.loads(result.stdout)
    assert told["verified"] is True
    assert told["status"] == "solved"
    assert told["jobs"] == told["jobs_served"] + told["jobs_left_out"] == 60
    assert told["cost_minor"] == sum(told["costs_minor"].values())
    assert told["faults"] == []


def test_the_checker_agrees_with_the_plan(run: Run, story: Story) -> None:
    result = run("verify", story.day, story.plan)
    assert result.exit_code == ExitCode.FINE
    assert "agrees" in result.stdout
    assert "一致" in run("verify", story.day, story.plan, LANG="zh_CN.UTF-8").stdout


def test_the_checker_finds_a_planted_fault(run: Run, story: Story) -> None:
    plan = json.loads(story.plan.read_text("utf-8"))
    plan["routes"][0]["legs"][0]["travel_s"] += 60
    faulty = story.folder / "faulty.json"
    faulty.write_text(json.dumps(plan), "utf-8")
    result = run("verify", story.day, faulty)
    assert result.exit_code == ExitCode.NO
    assert "does not hold" in result.stdout
    told = json.loads(run("verify", story.day, faulty, "--json").stdout)
    assert told["verified"] is False
    assert all(fault["sentence"] for fault in told["faults"])


def test_reasons_are_told_for_every_job_left_out(run: Run, story: Story) -> None:
    left_out = {entry["job"] for entry in json.loads(story.plan.read_text("utf-8"))["unassigned"]}
    assert {"J0059", "J0060"} <= left_out
    told = json.loads(run("explain", story.day, story.plan, "--json").stdout)
    assert {entry["job"] for entry in told} == left_out
    assert all(reason["sentence"] for entry in told for reason in entry["reasons"])
    assert all(len(entry["reasons"]) == 1 + 8 for entry in told)
    assert "Other technicians: 5; --job J0059" in run("explain", story.day, story.plan).stdout


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_one_job_is_explained_by_everybody(run: Run, story: Story, lang: str) -> None:
    result = run("explain", story.day, story.plan, "--job", "J0059", "--lang", lang)
    assert result.exit_code == ExitCode.FINE
    assert "high-voltage" in result.stdout
    assert all(f"T00{number} " in result.stdout for number in range(1, 9))


def test_explaining_an_unknown_job_names_it(run: Run, story: Story) -> None:
    result = run("explain", story.day, story.plan, "--job", "J9999", "--job", "J9998")
    assert result.exit_code == ExitCode.BAD_INPUT
    assert "J9999" in result.stderr
    assert "J9998" in result.stderr


def test_a_job_is_recommended_to_those_who_can_take_it(run: Run, story: Story) -> None:
    plan = json.loads(story.plan.read_text("utf-8"))
    job = plan["routes"][0]["visits"][0]["job"]
    result = run("recommend", story.day, story.plan, job, "--top", "2")
    assert result.exit_code == ExitCode.FINE, result.output
    assert "More travel" in result.stdout
    assert "增加行程时间" in run("recommend", story.day, story.plan, job, "--lang", "zh").stdout
    told = json.loads(run("recommend", story.day, story.plan, job, "--json").stdout)
    assert told["job"] == job
    assert told["possible"] >= len(told["candidates"]) >= 1
    assert told["possible"] + len(told["reasons"]) == 8
    assert all(reason["sentence"] for reason in told["reasons"])


def test_a_job_that_nobody_can_take_is_a_no(run: Run, story: Story) -> None:
    result = run("recommend", story.day, story.plan, "J0059")
    assert result.exit_code == ExitCode.NO
    assert "high-voltage" in result.stdout
    assert "--json tells of all" in result.stdout
    assert run("recommend", story.day, story.plan, "J9999").exit_code == ExitCode.BAD_INPUT


def test_what_changes_of_a_published_plan_is_told_with_its_reason(run: Run, story: Story) -> None:
    told = story.folder / "published.json"
    result = run("publish", story.day, story.plan, "--promise", "120", "--out", told)
    assert result.exit_code == ExitCode.FINE, result.output
    assert "Nothing is changed" in run("explain", told, story.plan, "--changes").stdout

    day = json.loads(told.read_text("utf-8"))
    job = next(job for job in day["jobs"] if len(job.get("published", [])) == 1)
    (entry,) = job["published"]
    other = next(one for one in day["technicians"] if one["id"] != entry["technician"])
    entry["technician"], entry["shift"] = other["id"], None
    told.write_text(json.dumps(day), "utf-8")
    assert f"{job['id']}: now " in run("explain", told, story.plan, "--changes").stdout
    (change,) = json.loads(run("explain", told, story.plan, "--changes", "--json").stdout)
    assert (change["job"], change["kind"]) == (job["id"], "technician_swapped")
    assert change["minor"] == day["policy"]["technician_swapped_minor"]
    assert change["reason"]["sentence"]


def test_the_score_adds_up_by_whom_it_concerns(run: Run, story: Story) -> None:
    sums = {
        by: sum(
            entry["minor"]
            for entry in json.loads(
                run("score", story.day, story.plan, "--by", by, "--json").stdout
            )
        )
        for by in ("component", "technician", "job")
    }
    assert len(set(sums.values())) == 1
    assert "Wage" in run("score", story.day, story.plan).stdout
    people = run("score", story.day, story.plan, "--by", "technician").stdout
    assert re.search(r"^T001 \w+ \w+ ", people, re.MULTILINE)


def test_the_report_and_its_pictures_are_written(run: Run, story: Story) -> None:
    report, pictures = story.folder / "report.html", story.folder / "pictures"
    result = run(
        "show", story.plan, "--day", story.day, "--out", report, "--png", pictures, "--lang", "zh"
    )
    assert result.exit_code == ExitCode.FINE, result.output
    assert "J0059" in report.read_text("utf-8")
    for name in ("map.png", "gantt.png"):
        assert (pictures / name).read_bytes().startswith(b"\x89PNG")


def test_a_plan_of_another_day_is_refused(run: Run, story: Story) -> None:
    other = story.folder / "other.json"
    assert run("demo", "--size", "small", "--seed", "5", "--out", other).exit_code == ExitCode.FINE
    assert run("verify", other, story.plan).exit_code == ExitCode.NO


def test_the_checked_day_warns_of_what_nobody_can_do(run: Run, story: Story) -> None:
    result = run("check", story.day)
    assert result.exit_code == ExitCode.FINE
    assert "/jobs/58" in result.stdout
    assert run("check", story.day, "--strict").exit_code == ExitCode.NO
    codes = {
        finding["code"]
        for finding in json.loads(run("check", story.day, "--json").stdout)["findings"]
    }
    assert "job.nobody.skill.expired" in codes


def test_a_day_with_errors_is_refused_with_all_of_them(run: Run, story: Story) -> None:
    day = json.loads(story.day.read_text("utf-8"))
    day["jobs"][0]["type"], day["jobs"][1]["site"] = "juggling", "nowhere"
    broken = story.folder / "broken.json"
    broken.write_text(json.dumps(day), "utf-8")
    assert run("check", broken).exit_code == ExitCode.NO
    for words in (("solve", broken), ("verify", broken, story.plan), ("travel", "snap", broken)):
        result = run(*words)
        assert result.exit_code == ExitCode.BAD_INPUT, words
        assert "juggling" in result.stderr
        assert "nowhere" in result.stderr


def test_templates_can_be_imported_as_they_are(run: Run, tmp_path: Path) -> None:
    for lang in ("en", "zh"):
        for name in ("book.xlsx", "folder"):
            tables, day = tmp_path / lang / name, tmp_path / f"{lang}-{name}.json"
            tables.parent.mkdir(exist_ok=True)
            words = ("template", "--out", tables, "--date", "2026-05-04", "--lang", lang)
            assert run(*words).exit_code == ExitCode.FINE
            result = run("import", tables, "--out", day)
            assert result.exit_code == ExitCode.FINE, result.output
            assert run("check", day).exit_code == ExitCode.FINE
            assert day.exists()


def test_an_archive_is_taken_where_tables_are(run: Run, tmp_path: Path) -> None:
    words = ("template", "--out", tmp_path / "tables", "--date", "2026-05-04", "--lang", "zh")
    assert run(*words).exit_code == ExitCode.FINE
    archive = Path(shutil.make_archive(str(tmp_path / "day"), "zip", tmp_path / "tables"))
    result = run("import", archive, "--out", tmp_path / "day.json")
    assert result.exit_code == ExitCode.FINE, result.output
    for day in (archive, tmp_path / "day.json"):
        assert run("check", day).exit_code == ExitCode.FINE


def test_what_was_imported_and_what_was_not_is_told_as_json(run: Run, tmp_path: Path) -> None:
    tables, day = tmp_path / "tables", tmp_path / "day.json"
    assert run("template", "--out", tables, "--lang", "zh").exit_code == ExitCode.FINE
    told = json.loads(run("import", tables, "--out", day, "--json").stdout)
    assert told == {"day": told["day"], "technicians": 2, "jobs": 3, "path": str(day)}
    day.unlink()
    with (tables / "请假.csv").open("a", encoding="utf-8") as absences:
        absences.write("没有这个人,,,\n")
    refused = run("import", tables, "--out", day, "--json")
    assert refused.exit_code == ExitCode.BAD_INPUT
    places = [finding["place"] for finding in json.loads(refused.stdout)["findings"]]
    assert {(place["sheet"], place["row"]) for place in places} == {("请假", 3)}
    assert "第 3 行" in run("import", tables, "--lang", "zh").stderr
    assert not day.exists()


def test_an_empty_template_lacks_everything_but_settings(run: Run, tmp_path: Path) -> None:
    assert run("template", "--out", tmp_path / "t.xlsx", "--empty").exit_code == ExitCode.FINE
    result = run("import", tmp_path / "t.xlsx", "--out", tmp_path / "day.json")
    assert result.exit_code == ExitCode.FINE
    assert "0 technicians and 0 jobs" in result.stdout


def test_travel_can_be_looked_into(run: Run, story: Story) -> None:
    matrix = story.folder / "matrix.json"
    assert run("travel", "matrix", story.day, "--out", matrix).exit_code == ExitCode.FINE
    assert run("verify", story.day, story.plan, "--travel", f"matrix:{matrix}").exit_code == 0
    snapped = json.loads(run("travel", "snap", story.day, "--json").stdout)
    assert {place["snapped_m"] for place in snapped["places"]} <= set(range(200))
    assert "residential" in run("travel", "inspect", "gothenburg").stdout
    assert json.loads(run("travel", "inspect", "geodesic", "--json").stdout)["streets"] == {}


@pytest.mark.parametrize(
    ("words", "exit_code", "code"),
    [
        (("solve", "{day}", "--engine", "magic"), ExitCode.BAD_INPUT, "engine.unknown"),
        (("solve", "{day}", "--travel", "magic"), ExitCode.BAD_INPUT, "travel.source"),
        (
            ("solve", "{day}", "--travel", "road:no.pbf"),
            ExitCode.UNAVAILABLE,
            "travel.file.missing",
        ),
        (("solve", "nowhere.json"), ExitCode.BAD_INPUT, "file.unreadable"),
        (("bench", "nowhere"), ExitCode.BAD_INPUT, "bench.path.missing"),
    ],
)
def test_what_is_not_there_is_named(
    run: Run, story: Story, words: tuple[str, ...], exit_code: ExitCode, code: str
) -> None:
    result = run(*(word.format(day=story.day) for word in words))
    assert (result.exit_code, code in result.stderr) == (exit_code, True), result.stderr


def test_the_main_job_writes_everything_and_names_the_report(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "city"
    result = run(
        "run", "--size", "small", "--engine", "greedy", "--time", "20", "--out", out, LANG="zh_CN"
    )
    assert result.exit_code == ExitCode.FINE, result.output
    assert str(out / "report.html") in result.stdout
    assert "独立校验通过" in result.stdout
    written = {path.name for path in out.iterdir()}
    assert written == {"day.json", "plan.json", "report.html", "map.png", "gantt.png"}


def test_kernels_can_be_compiled_beforehand(run: Run) -> None:
    assert "compiled" in run("warm").stdout


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_keeps_the_best_plan_so_far(story: Story, number: signal.Signals) -> None:
    plan = story.folder / "interrupted.json"
    words = ("solve", story.day, "--time", "120", "--out", plan)
    environment = {**os.environ, "PYTHONPATH": str(SOURCE), "LC_ALL": "en_GB.UTF-8"}
    with subprocess.Popen(
        [*PROGRAM, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        start_new_session=True,
    ) as child:
        try:
            assert child.stderr is not None
            for line in child.stderr:
                if line.startswith("Optimising"):
                    break
            with suppress(subprocess.TimeoutExpired):
                child.wait(timeout=6)
            child.send_signal(number)
            out, err = child.communicate(timeout=90)
        finally:
            child.kill()
    assert child.returncode == ExitCode.INTERRUPTED, err
    assert "best plan so far" in err
    assert "Jobs served" in out
    assert plan.exists()
