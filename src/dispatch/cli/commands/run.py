from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from dispatch.cli.exit_codes import ExitCode
from dispatch.cli.options import AsJson, Cores, Engine, Iterations, Seed, SizeName, Time
from dispatch.cli.terminal import Terminal

DAY, PLAN, REPORT = "day.json", "plan.json", "report.html"


def run(
    context: typer.Context,
    *,
    size: SizeName = "city",
    seed: Seed = 1,
    time: Time = 30.0,
    iterations: Iterations = None,
    engine: Engine = "lns",
    cores: Cores = None,
    out: Annotated[Path, typer.Option("--out", metavar="DIR")] = Path("var/city"),
    open_report: Annotated[bool, typer.Option("--open")] = False,
    as_json: AsJson = False,
) -> ExitCode:
    """``dispatch run``: from nothing to a report that can be looked at."""
    from dispatch.bootstrap import DEMO_CITY, known_engine, open_source
    from dispatch.cli.faults import fault_findings
    from dispatch.cli.pictures import Picture
    from dispatch.cli.solving import Effort, ending, report_on, solve_in_view
    from dispatch.demo.day import demo_day
    from dispatch.demo.sizes import SIZES
    from dispatch.formats.day_json import write_day
    from dispatch.formats.files import expect_writable
    from dispatch.formats.plan_json import write_plan

    terminal = Terminal.of(context)
    effort = Effort(
        engine=known_engine(engine), time=time, iterations=iterations, seed=seed, cores=cores
    )
    out.mkdir(parents=True, exist_ok=True)
    expect_writable(out / PLAN)
    with terminal.working("run.making"):
        day = demo_day(SIZES[size], seed)
    terminal.note("run.day", name=day.name, technicians=len(day.technicians), jobs=len(day.jobs))
    source = open_source(DEMO_CITY)
    planned = solve_in_view(terminal, day, source, effort)
    with terminal.working("phase.draw"):
        write_day(day, out / DAY)
        write_plan(planned.plan, out / PLAN)
        picture = Picture.of(day, planned.plan, source, fault_findings(planned.verification))
        picture.write_html(out / REPORT, terminal.lang)
        picture.write_pngs(out, terminal.lang)
    report_on(terminal, day, planned, as_json=as_json)
    if not as_json:
        terminal.say("run.report", path=(out / REPORT).resolve())
    if open_report and terminal.out.is_terminal and has_display():
        typer.launch(str((out / REPORT).resolve()))
    return ending(planned)


def has_display() -> bool:
    """Whether a browser could show itself here."""
    return sys.platform in {"darwin", "win32"} or any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")
    )
