"""Solving with an engine by its name, apart from the process that asks."""

from __future__ import annotations

from dispatch.errors import InvalidValue
from dispatch.solver import child
from dispatch.solver.engine import Report, Result, Stop
from dispatch.solver.problem import Problem
from dispatch.solver.solution import Solution

PORTFOLIO = "portfolio"


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
        How many searches a portfolio makes at once; all cores there are, if nothing is said.

    Raises
    ------
    InvalidValue
        No engine has this name, or it cannot use several cores.
    """
    if engine == PORTFOLIO:
        from dispatch.solver.portfolio.engine import Portfolio
        from dispatch.solver.portfolio.parameters import PortfolioParameters

        portfolio = Portfolio(PortfolioParameters(cores=cores))
        return portfolio.solve(problem, stop, seed=seed, initial=initial, report=report)
    if cores is not None and cores != 1:
        raise InvalidValue("engine.one-core", engine=engine, value=cores)
    return child.run(engine, problem, stop, seed=seed, initial=initial, report=report)
