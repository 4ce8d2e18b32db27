from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dispatch.cli.exit_codes import ExitCode
from dispatch.cli.options import AsJson, Cores, DayFile, Engine, Iterations, Out, Seed, Time, Travel
from dispatch.cli.terminal import Terminal


def solve(
    context: typer.Context,
    day: DayFile,
    *,
    time: Time = 30.0,
    iterations: Iterations = None,
    engine: Engine = "lns",
    cores: Cores = None,
    seed: Seed = 1,
    start_from: Annotated[Path | None, typer.Option("--from", metavar="PLAN")] = None,
    travel: Travel = None,
    out: Out = Path("plan.json"),
    as_json: AsJson = False,
) -> ExitCode:
    """``dispatch solve``: the plan is written whatever the checker says, and the answer says it."""
    from dispatch.bootstrap import known_engine, open_day, open_source
    from dispatch.cli.solving import Effort, ending, report_on, solve_in_view
    from dispatch.formats.files import expect_writable
    from dispatch.formats.plan_json import read_plan, write_plan

    terminal = Terminal.of(context)
    expect_writable(out)
    opened = open_day(day)
    effort = Effort(
        engine=known_engine(engine),
        time=time,
        iterations=iterations,
        seed=seed,
        cores=cores,
        initial=read_plan(start_from) if start_from else None,
    )
    planned = solve_in_view(terminal, opened, open_source(travel, opened), effort)
    write_plan(planned.plan, out)
    report_on(terminal, opened, planned, as_json=as_json)
    if not as_json:
        terminal.say("written", path=out)
    return ending(planned)
