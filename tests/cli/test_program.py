from __future__ import annotations

import json
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from tests.cli.conftest import Run

from dispatch.cli import program
from dispatch.cli.exit_codes import ExitCode
from dispatch.cli.program import diagnose
from dispatch.errors import Finding, InvalidInput, InvalidValue, Unavailable
from dispatch.texts import LANGUAGES


def test_without_a_command_it_shows_its_help(run: Run) -> None:
    result = run()
    assert result.exit_code == ExitCode.BAD_INPUT
    assert "dispatch" in result.stdout
    assert "demo" in result.stdout


def test_help_speaks_chinese(run: Run) -> None:
    for result in (run("--help", "--lang", "zh"), run("--help", LANG="zh_CN.UTF-8")):
        assert result.exit_code == ExitCode.FINE
        assert "谁去哪里" in result.stdout
        assert "选项" in result.stdout


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("words", [[], ["solve"], ["bench"], ["show"], ["travel", "matrix"]])
def test_help_is_not_cut_off_on_a_narrow_terminal(run: Run, words: list[str], lang: str) -> None:
    assert "…" not in run(*words, "--help", "--lang", lang, COLUMNS="80").stdout


def test_version_is_printed_alone(run: Run) -> None:
    assert run("--version").stdout.count(".") == 2


@pytest.mark.parametrize(
    ("words", "code", "en", "zh"),
    [
        (["demo", "--siz", "city"], "cli.usage.no-option", "no option --siz", "没有选项 --siz"),
        (["demo", "--size", "vast"], "cli.usage.bad-value", "value of --size", "--size 的值不可用"),
        (["demo", "--seed", "-1"], "cli.usage.bad-value", "value of --seed", "--seed 的值不可用"),
        (["demo", "--lang", "fr"], "cli.usage.bad-value", "value of --lang", "--lang 的值不可用"),
        (["solv"], "cli.usage.other", "cannot be read", "无法理解"),
        (["check"], "cli.usage.missing", "lacks DAY", "缺少 DAY"),
    ],
)
def test_a_wrong_command_line_is_explained(
    run: Run, words: list[str], code: str, en: str, zh: str
) -> None:
    for lang, sentence in (("en_GB", en), ("zh_CN", zh)):
        result = run(*words, LANG=lang)
        assert result.exit_code == ExitCode.BAD_INPUT
        assert result.stdout == ""
        assert code in result.stderr
        assert sentence in result.stderr
        assert "--help" in result.stderr


def test_a_failure_with_json_is_json(run: Run) -> None:
    result = run("check", "nowhere.json", "--json")
    (finding,) = json.loads(result.stdout)["findings"]
    assert {"code", "severity", "place", "values", "cause", "cure"} == finding.keys()


Ended = Callable[..., subprocess.CompletedProcess[str]]

FINDING = Finding("cli.file", values={"path": "x", "problem": "y"})


@pytest.mark.parametrize(
    ("error", "exit_code", "code"),
    [
        (InvalidInput([FINDING, FINDING]), ExitCode.BAD_INPUT, "cli.file"),
        (InvalidValue("day.zone", value="Mars"), ExitCode.BAD_INPUT, "day.zone"),
        (Unavailable("data.missing", name="a", folders="b"), ExitCode.UNAVAILABLE, "data.missing"),
        (PermissionError(13, "denied", "a.json"), ExitCode.UNAVAILABLE, "cli.file"),
        (typer.BadParameter("no"), ExitCode.BAD_INPUT, "cli.usage.bad-value"),
        (ZeroDivisionError("oh"), ExitCode.DEFECT, "cli.defect"),
    ],
)
def test_every_failure_has_a_code(error: Exception, exit_code: ExitCode, code: str) -> None:
    ended, findings = diagnose(error)
    assert ended is exit_code
    assert {finding.code for finding in findings} == {code}
    assert all(finding.cause(lang) for finding in findings for lang in ("en", "zh"))


def test_a_mistake_in_the_program_shows_its_trace_only_on_demand(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr("dispatch.demo.day.demo_day", broken)
    result = run("demo")
    assert result.exit_code == ExitCode.DEFECT
    assert "cli.defect" in result.stderr
    assert "Traceback" not in result.stderr
    assert "Traceback" in run("demo", "--debug").stderr


def test_ctrl_c_where_there_is_nothing_to_keep(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("dispatch.demo.day.demo_day", interrupted)
    assert run("demo").exit_code == ExitCode.INTERRUPTED


def test_the_program_runs_as_a_process(tmp_path: Path) -> None:
    words = "from dispatch.cli.main import app; app()", "demo", "--size", "small", "--seed", "2"
    ended = subprocess.run(
        [sys.executable, "-c", *words, "--out", tmp_path / "day.json"],
        capture_output=True,
        check=False,
        text=True,
        env={"PYTHONPATH": str(Path(program.__file__).parents[2]), "LANG": "zh_CN.UTF-8"},
    )
    assert ended.returncode == ExitCode.FINE, ended.stderr
    assert "8 名师傅和 60 个工单" in ended.stdout
    assert ended.stderr == ""


def process(*words: object, **environment: str) -> tuple[str, ...]:
    """The words of a shell that runs the program with these variables."""
    variables = [f"{name}={value}" for name, value in environment.items()]
    program_words = "from dispatch.cli.main import app; app()", *map(str, words)
    return ("env", *variables, sys.executable, "-c", *program_words)


@pytest.fixture
def ended(tmp_path: Path) -> Ended:
    """Runs the program in a shell, with a redirection such as ``>&-``."""

    def run_in_shell(
        redirection: str, *words: object, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        source = str(Path(program.__file__).parents[2])
        line = shlex.join(process(*words, PYTHONPATH=source, **environment))
        return subprocess.run(
            ["sh", "-c", f"{line} {redirection}"],
            capture_output=True,
            check=False,
            text=True,
            cwd=tmp_path,
        )

    return run_in_shell


def test_a_closed_standard_output_is_no_failure(
    ended: Ended,
) -> None:
    closed = ended(">&-", "template")
    assert (closed.returncode, closed.stderr) == (ExitCode.FINE, "")


@pytest.mark.parametrize("words", [("--version",), ("check", "no.json", "--json")])
def test_a_full_standard_output_is_told(ended: Ended, words: tuple[str, ...]) -> None:
    full = ended(">/dev/full", *words)
    assert full.returncode in {ExitCode.UNAVAILABLE, ExitCode.BAD_INPUT}
    assert full.stderr
    assert "Traceback" not in full.stderr


def test_a_poor_encoding_refuses_no_character(
    ended: Ended,
) -> None:
    words = ("check", "no.json", "--lang", "zh")
    spelled = ended("", *words, PYTHONIOENCODING="ascii")
    assert spelled.returncode == ExitCode.BAD_INPUT
    assert "file.unreadable" in spelled.stderr
    assert "\\u6587" in spelled.stderr
    (finding,) = json.loads(ended("", *words, "--json", PYTHONIOENCODING="ascii").stdout)[
        "findings"
    ]
    assert "文件" in finding["cause"]
