from __future__ import annotations

from typing import Annotated

import typer

from dispatch.cli.exit_codes import ExitCode


def worker(
    context: typer.Context,  # noqa: ARG001 - as every command has it
    *,
    attached: Annotated[bool, typer.Option("--attached")] = False,
) -> ExitCode:
    """``dispatch worker``: plans runs and sees whose time is over, until Ctrl-C or SIGTERM."""
    from dispatch.bootstrap import house_travel, open_record
    from dispatch.cli.serving.attached import end_with_parent
    from dispatch.cli.serving.logs import log_lines
    from dispatch.worker.app import run_worker

    log_lines(requests=False)
    if attached:
        end_with_parent()
    with open_record() as database:
        run_worker(database, house_travel())
    return ExitCode.FINE
