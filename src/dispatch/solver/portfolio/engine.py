"""Runs searches in processes of their own and lets them share what they find."""

from __future__ import annotations

from contextlib import ExitStack
from functools import partial
from queue import SimpleQueue

from dispatch.solver.child.messages import Order
from dispatch.solver.child.parent import MEMORY_BYTES, START_UP_S
from dispatch.solver.child.process import ChildProcess
from dispatch.solver.child.sharing import shared
from dispatch.solver.child.watched import Watched
from dispatch.solver.engine import Report, Result, Stop
from dispatch.solver.portfolio.parameters import PortfolioParameters, seeds
from dispatch.solver.portfolio.team import Team
from dispatch.solver.problem import Problem
from dispatch.solver.solution import Solution


class Portfolio:
    """Several searches that meet from time to time; who lags goes on from the best plan.

    Works from the calling process, which only listens; what a search does wrong costs no more than
    its share. Deterministic with a seed and a limit on iterations (of each search), if its engines
    are.
    """

    name = "portfolio"

    def __init__(self, parameters: PortfolioParameters | None = None) -> None:
        self.parameters = parameters or PortfolioParameters()

    def solve(
        self,
        problem: Problem,
        stop: Stop,
        *,
        seed: int,
        initial: Solution | None = None,
        report: Report | None = None,
    ) -> Result:
        """The best plan of all searches. Their start is not counted into the limit."""
        problem = shared(problem)
        engines = self.parameters.engines_for(problem)
        lines: SimpleQueue[tuple[int, bytes]] = SimpleQueue()
        team = Team(problem, stop, initial, report)
        with ExitStack() as stack:
            for at, own_seed in enumerate(seeds(seed, len(engines))):
                order = Order(
                    engine=engines[at],
                    problem=problem,
                    stop=stop.elsewhere(),
                    seed=own_seed,
                    initial=initial,
                    meetings=self.parameters.meetings if len(engines) > 1 else 0,
                    member=at,
                    cores=self.parameters.cores,
                )
                child = stack.enter_context(
                    ChildProcess(order, MEMORY_BYTES, partial(_deliver, lines, at))
                )
                team.join(Watched(child, order, team.hear, START_UP_S))
            return team.result(lines)


def _deliver(lines: SimpleQueue[tuple[int, bytes]], member: int, line: bytes) -> None:
    lines.put((member, line))
