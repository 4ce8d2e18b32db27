from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dispatch.cli.exit_codes import ExitCode
from dispatch.cli.options import AsJson, Out
from dispatch.cli.terminal import Terminal


def import_tables(
    context: typer.Context,
    tables: Annotated[Path, typer.Argument(metavar="TABLES")],
    *,
    out: Out = Path("day.json"),
    as_json: AsJson = False,
) -> ExitCode:
    """``dispatch import``: all of the tables or, if anything is wrong, nothing."""
    from dispatch.formats.day_json import write_day
    from dispatch.formats.tables import read_tables

    day = read_tables(tables)
    write_day(day, out)
    terminal = Terminal.of(context)
    read = {"technicians": len(day.technicians), "jobs": len(day.jobs)}
    if as_json:
        terminal.json({"day": day.id, **read, "path": str(out)})
    else:
        terminal.say("import.written", **read, path=out)
    return ExitCode.FINE
