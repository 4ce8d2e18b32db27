"""All kernels compiled ahead, so that nobody waits for them."""

from __future__ import annotations

from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.process import BaseProcess

from dispatch.solver.bounds.rehearsal import rehearse_bounds
from dispatch.solver.child.guards import die_with_parent, ignore_interrupts
from dispatch.solver.child.rehearsal import UNREADABLE, mark_warm, rehearse, rehearse_one
from dispatch.solver.engines import engine_names, load_engine
from dispatch.solver.everywhere import rehearse_everywhere
from dispatch.solver.portfolio.cores import usable_cores
from dispatch.solver.run import PORTFOLIO

FIRST = "greedy"
"""Its kernels are in every other engine."""
USUAL = "lns"
"""By far the most to compile: one search for days with ties, another for days without."""


def warm() -> None:
    """Compile what any engine, bound or recommendation needs, and remember that it is done.

    The two searches of the usual engine share little, so one is compiled by a second process. What
    that does not get done, this one does in the end.
    """
    rehearse(load_engine(FIRST))
    if usable_cores() > 1:
        beside = _begin_beside()
        with suppress(*UNREADABLE):  # below, a damaged cache is thrown away
            rehearse_one(load_engine(USUAL), tied=False)
        beside.join()
    for name in engine_names():
        if name != PORTFOLIO:  # its searches are those of the others
            rehearse(load_engine(name))
            mark_warm(name)
    rehearse_everywhere()
    rehearse_bounds()


def _begin_beside() -> BaseProcess:
    """Another process, which ends with this one."""
    beside = get_context("spawn").Process(target=compile_beside, daemon=True)
    beside.start()
    return beside


def compile_beside() -> None:
    """All that has nothing to do with the search on days without ties."""
    ignore_interrupts()
    die_with_parent()
    rehearse_one(load_engine(USUAL), tied=True)
    rehearse_everywhere()
    rehearse_bounds()
