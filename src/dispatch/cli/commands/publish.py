from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dispatch.cli.exit_codes import ExitCode
from dispatch.cli.options import DayFile, Out, PlanFile
from dispatch.cli.terminal import Terminal

LONGEST_MIN = 24 * 60


def publish(
    context: typer.Context,
    day: DayFile,
    plan: PlanFile,
    *,
    promise: Annotated[
        int, typer.Option("--promise", metavar="MINUTES", min=0, max=LONGEST_MIN)
    ] = 60,
    out: Out = Path("published.json"),
) -> ExitCode:
    """``dispatch publish``: the day in which every change of the plan has a price."""
    from dispatch.bootstrap import open_sound_day
    from dispatch.formats.day_json import write_day
    from dispatch.formats.plan_json import read_plan
    from dispatch.planning.publish import publish as published
    from dispatch.report.fit import check_fit

    opened, planned = open_sound_day(day), read_plan(plan)
    check_fit(opened, planned)
    told = published(opened, planned, promise_s=60 * promise)
    write_day(told, out)
    Terminal.of(context).say(
        "publish.written", visits=sum(len(job.published) for job in told.jobs), path=out
    )
    return ExitCode.FINE
