from __future__ import annotations

from time import perf_counter

import typer

from dispatch.cli.exit_codes import ExitCode
from dispatch.cli.terminal import Terminal


def warm(context: typer.Context) -> ExitCode:
    """``dispatch warm``: what an engine compiles in its rehearsal stays in the cache."""
    from dispatch.solver.bounds.rehearsal import rehearse_bounds
    from dispatch.solver.child.rehearsal import mark_warm, rehearse
    from dispatch.solver.engines import engine_names, load_engine
    from dispatch.solver.everywhere import rehearse_everywhere
    from dispatch.solver.run import PORTFOLIO

    terminal = Terminal.of(context)
    begin = perf_counter()
    with terminal.working("warm.working"):
        for name in engine_names():
            if name != PORTFOLIO:  # its searches are those of the others
                rehearse(load_engine(name))
                mark_warm(name)
        rehearse_everywhere()
        rehearse_bounds()
    terminal.say("warm.done", seconds=f"{perf_counter() - begin:.1f}")
    return ExitCode.FINE
