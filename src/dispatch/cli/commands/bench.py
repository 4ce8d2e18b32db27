from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dispatch.cli.exit_codes import ExitCode
from dispatch.cli.options import AsJson, Out, Time
from dispatch.cli.terminal import Terminal

if TYPE_CHECKING:
    from dispatch.bench.outcome import BenchReport

MOST_SEEDS = 1_000


def bench(
    context: typer.Context,
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...")],
    *,
    engine: Annotated[list[str], typer.Option("--engine", metavar="NAME")] = ["lns"],  # noqa: B006
    time: Time = 30.0,
    seeds: Annotated[int, typer.Option("--seeds", metavar="N", min=1, max=MOST_SEEDS)] = 1,
    out: Out = Path("results.json"),
    as_json: AsJson = False,
) -> ExitCode:
    """``dispatch bench``: no unless every run is verified."""
    from dispatch.bench.options import BenchOptions
    from dispatch.bench.run import run_bench
    from dispatch.cli.bench_progress import bench_progress

    terminal = Terminal.of(context)
    options = BenchOptions(engines=tuple(engine), seconds=time, seeds=seeds, out=out)
    with bench_progress(terminal) as progress:
        report = run_bench(paths, options, progress=progress)
    if as_json:
        terminal.json([asdict(run.outcome) for run in report.runs])
    else:
        _print(terminal, report)
        terminal.say("bench.written", path=out)
    if report.interrupted:
        return ExitCode.INTERRUPTED
    return ExitCode.FINE if report.good else ExitCode.NO


def _print(terminal: Terminal, report: BenchReport) -> None:
    """What was reproduced, every run, the means, and all that went wrong."""
    from dispatch.bench.summary import reproduction_sentence, runs_table, summary_table

    terminal.out.print(reproduction_sentence(report, terminal.lang))
    for table in (runs_table(report, terminal.lang), summary_table(report, terminal.lang)):
        terminal.table(table.headings, table.rows, right=range(3, len(table.headings)))
    terminal.findings(report.refused)
    for run in report.runs:
        if run.errors or run.message:
            outcome = run.outcome
            terminal.say("bench.trouble", instance=outcome.instance, engine=outcome.engine)
            terminal.findings(run.errors)
            if run.message:
                terminal.out.print(f"  {run.message}")
