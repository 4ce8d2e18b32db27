from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dispatch.cli.exit_codes import ExitCode
from dispatch.cli.options import Out, PlanFile, Travel
from dispatch.cli.terminal import Terminal


def show(
    context: typer.Context,
    plan: PlanFile,
    *,
    day: Annotated[Path, typer.Option("--day", metavar="DAY")],
    out: Out = Path("report.html"),
    png: Annotated[Path | None, typer.Option("--png", metavar="DIR")] = None,
    travel: Travel = None,
    tiles: Annotated[str | None, typer.Option("--tiles", metavar="URL")] = None,
) -> ExitCode:
    """``dispatch show``: the checker is asked too, and the report says what it found."""
    from dispatch.bootstrap import open_sound_day, open_source
    from dispatch.cli.faults import fault_findings
    from dispatch.cli.pictures import Picture
    from dispatch.formats.plan_json import read_plan
    from dispatch.planning.verify import verify

    terminal = Terminal.of(context)
    opened, planned = open_sound_day(day), read_plan(plan)
    source = open_source(travel, opened)
    with terminal.working("phase.draw"):
        verification = verify(opened, planned, source.travel)
        picture = Picture.of(opened, planned, source, fault_findings(verification))
        picture.write_html(out, terminal.lang, tiles=tiles)
        pictures = picture.write_pngs(png, terminal.lang) if png else ()
    for path in (out, *pictures):
        terminal.say("written", path=path)
    return ExitCode.FINE if verification.ok else ExitCode.NO
