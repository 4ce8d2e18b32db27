from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from dispatch.cli.exit_codes import ExitCode
from dispatch.cli.options import Out, Seed, SizeName
from dispatch.cli.terminal import Terminal


def demo(
    context: typer.Context,
    *,
    size: SizeName = "city",
    seed: Seed = 1,
    date: Annotated[datetime | None, typer.Option("--date", formats=["%Y-%m-%d"])] = None,
    out: Out = Path("day.json"),
) -> ExitCode:
    """``dispatch demo``: a sample day, made anew from its seed."""
    from dispatch.demo.day import demo_day
    from dispatch.demo.moved import moved
    from dispatch.demo.sizes import SIZES
    from dispatch.formats.day_json import write_day

    day = demo_day(SIZES[size], seed)
    if date is not None:
        day = moved(day, date.date())
    write_day(day, out)
    Terminal.of(context).say(
        "demo.written", technicians=len(day.technicians), jobs=len(day.jobs), path=out
    )
    return ExitCode.FINE
