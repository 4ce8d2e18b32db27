"""Solving with an engine by its name, apart from the process that asks."""

from __future__ import annotations

from collections.abc import Callable

from dispatch.errors import InvalidValue
from dispatch.solver import child
from dispatch.solver.child.rehearsal import is_warm
from dispatch.solver.engine import Report, Result, Stop
from dispatch.solver.engines import engine_names, engine_path
from dispatch.solver.partition.size import is_big
from dispatch.solver.portfolio.parameters import IN_PARTS, SEARCH, PortfolioParameters
from dispatch.solver.problem import Problem
from dispatch.solver.solution import Solution

PORTFOLIO = "portfolio"


def prepare(engine: str, announce: Callable[[], None] = lambda: None) -> None:
    """Compile what an engine needs, once for all runs, so that no limit pays for it.

    Parameters
    ----------
    announce
        Called first if there is something to compile: it may take minutes.

    Raises
    ------
    KeyboardInterrupt
        Ctrl-C ended it.
    InvalidValue
        No engine has this name.
    """
    engine_path(engine)
    compiled = SEARCH if engine == PORTFOLIO else engine
    if engine in engine_names() and not is_warm(compiled):
        announce()
        child.warm_up(compiled)


def run(
    engine: str,
    problem: Problem,
    stop: Stop,
    *,
    seed: int,
    initial: Solution | None = None,
    report: Report | None = None,
    cores: int | None = None,
) -> Result:
    """Solve as :func:`dispatch.solver.child.run` does, or with a portfolio of such processes.

    Parameters
    ----------
    cores
        How many searches a portfolio makes at once, or how many parts of a big day are solved at
        once; all cores there are, if nothing is said.

    Raises
    ------
    KeyboardInterrupt
        Ctrl-C before anything was solved: while kernels were compiled.
    InvalidValue
        No engine has this name, or it cannot use several cores.
    """
    in_parts = engine == IN_PARTS or (engine == SEARCH and is_big(problem))
    if not (engine == PORTFOLIO or in_parts) and cores not in {None, 1}:
        raise InvalidValue("engine.one-core", engine=engine, value=cores)
    prepare(engine)
    if engine == PORTFOLIO:
        from dispatch.solver.portfolio.engine import Portfolio

        portfolio = Portfolio(PortfolioParameters(cores=cores))
        return portfolio.solve(problem, stop, seed=seed, initial=initial, report=report)
    return child.run(engine, problem, stop, seed=seed, initial=initial, report=report, cores=cores)
