from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dispatch.cli.exit_codes import ExitCode
from dispatch.cli.marks import tell_mark
from dispatch.cli.options import AsJson
from dispatch.cli.terminal import Terminal


def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    *,
    as_json: AsJson = False,
) -> ExitCode:
    """``dispatch restore``: no if the event log or a file is not as it was written."""
    from dispatch.bootstrap import evidence_files, reach_record
    from dispatch.store import backup as backups

    terminal = Terminal.of(context)
    with terminal.working("restore.working"), reach_record() as database:
        mark = backups.restore(database, file, evidence_files())
    return tell_mark(terminal, "restore.done", file, mark, as_json=as_json)
