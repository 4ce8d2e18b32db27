from __future__ import annotations

import typer

from dispatch.cli.exit_codes import ExitCode
from dispatch.cli.options import AsJson, DayFile, PlanFile, Travel
from dispatch.cli.terminal import Terminal


def verify(
    context: typer.Context,
    day: DayFile,
    plan: PlanFile,
    *,
    travel: Travel = None,
    as_json: AsJson = False,
) -> ExitCode:
    """``dispatch verify``: no if the checker finds a fault."""
    from dispatch.bootstrap import open_sound_day, open_source
    from dispatch.cli.faults import fault_json, print_faults
    from dispatch.cli.progress import bar
    from dispatch.formats.plan_json import read_plan
    from dispatch.planning.verify import verify as check_plan

    terminal = Terminal.of(context)
    opened, planned = open_sound_day(day), read_plan(plan)
    source = open_source(travel, opened)
    with bar(terminal, "travel.working") as progress:
        verification = check_plan(opened, planned, source.travel, progress=progress)
    if as_json:
        faults = [fault_json(fault, terminal.lang) for fault in verification.faults]
        terminal.json({"day": opened.id, "verified": verification.ok, "faults": faults})
    else:
        print_faults(terminal, verification, source.travel.name)
    return ExitCode.FINE if verification.ok else ExitCode.NO
