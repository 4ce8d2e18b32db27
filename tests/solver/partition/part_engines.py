"""Engines for parts that do what no engine should."""

from __future__ import annotations

import os
import signal
from abc import ABC, abstractmethod
from pathlib import Path

from dispatch.solver.engine import Engine, Report, Result, Stop
from dispatch.solver.greedy import Greedy
from dispatch.solver.lns.engine import Lns
from dispatch.solver.problem import Problem
from dispatch.solver.solution import Solution

MARK = "DISPATCH_TEST_KILLED"
"""Names the file that says that a worker has been killed."""
REHEARSAL_VISITS = 4


class _Meddling(ABC):
    """Does something to each part that is not a rehearsal, and then solves it as usual."""

    name = "meddling"
    usual: Engine = Lns()

    def solve(
        self,
        problem: Problem,
        stop: Stop,
        *,
        seed: int,
        initial: Solution | None = None,
        report: Report | None = None,
    ) -> Result:
        if problem.visit_count > REHEARSAL_VISITS:
            self.meddle(problem)
        return self.usual.solve(problem, stop, seed=seed, initial=initial, report=report)

    @abstractmethod
    def meddle(self, problem: Problem) -> None: ...


class KilledOnce(_Meddling):
    """Kills its process in the middle of the first part that it is given in a run."""

    usual = Greedy()

    def meddle(self, problem: Problem) -> None:
        mark = Path(os.environ[MARK])
        if not mark.exists():
            mark.write_text(str(os.getpid()))
            os.kill(os.getpid(), signal.SIGKILL)


class KilledByLoad(_Meddling):
    """Kills its process over every part with a visit that has a load."""

    def meddle(self, problem: Problem) -> None:
        if problem.visits.load.any():
            os.kill(os.getpid(), signal.SIGKILL)


class RaisesOverLoad(_Meddling):
    """Has no memory for a part with a visit that has a load."""

    def meddle(self, problem: Problem) -> None:
        if problem.visits.load.any():
            raise MemoryError("too heavy")
