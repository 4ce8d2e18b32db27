from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dispatch.cli.exit_codes import ExitCode
from dispatch.cli.marks import tell_mark
from dispatch.cli.options import AsJson
from dispatch.cli.terminal import Terminal


def backup(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    *,
    as_json: AsJson = False,
) -> ExitCode:
    """``dispatch backup``: no if the log or a file is not as written; it is kept even so."""
    from dispatch.bootstrap import evidence_files, reach_record
    from dispatch.store import backup as backups

    terminal = Terminal.of(context)
    with terminal.working("backup.working"), reach_record() as database:
        mark = backups.back_up(database, file, evidence_files())
    return tell_mark(terminal, "backup.done", file, mark, as_json=as_json)
