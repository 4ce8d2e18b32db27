from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from dispatch.cli.exit_codes import ExitCode
from dispatch.cli.options import Out
from dispatch.cli.terminal import Terminal


def template(
    context: typer.Context,
    *,
    out: Out = Path("day.xlsx"),
    date: Annotated[datetime | None, typer.Option("--date", formats=["%Y-%m-%d"])] = None,
    empty: Annotated[bool, typer.Option("--empty")] = False,
) -> ExitCode:
    """``dispatch template``: the tables a dispatcher fills, in the language that is spoken."""
    from dispatch.demo.calendar import DATE
    from dispatch.formats.tables import write_template

    terminal = Terminal.of(context)
    on = date.date() if date else DATE
    write_template(out, on=on, lang=terminal.lang, examples=not empty)
    terminal.say("template.written", path=out)
    return ExitCode.FINE
