from __future__ import annotations

from time import perf_counter

import typer

from dispatch.cli.exit_codes import ExitCode
from dispatch.cli.terminal import Terminal


def warm(context: typer.Context) -> ExitCode:
    """``dispatch warm``: what an engine compiles in its rehearsal stays in the cache."""
    from dispatch.solver.warm import warm as compile_all

    terminal = Terminal.of(context)
    begin = perf_counter()
    with terminal.working("warm.working"):
        compile_all()
    terminal.say("warm.done", seconds=f"{perf_counter() - begin:.1f}")
    return ExitCode.FINE
