"""Engines for parts that do what no engine should."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from dispatch.solver.engine import Report, Result, Stop
from dispatch.solver.greedy import Greedy
from dispatch.solver.problem import Problem
from dispatch.solver.solution import Solution

MARK = "DISPATCH_TEST_KILLED"
"""Names the file that says that a worker has been killed."""
REHEARSAL_VISITS = 4


class KilledOnce:
    """Kills its process in the middle of the first part that it is given in a run."""

    name = "killed-once"

    def solve(
        self,
        problem: Problem,
        stop: Stop,
        *,
        seed: int,
        initial: Solution | None = None,
        report: Report | None = None,
    ) -> Result:
        if problem.visit_count > REHEARSAL_VISITS and not Path(os.environ[MARK]).exists():
            Path(os.environ[MARK]).write_text(str(os.getpid()))
            os.kill(os.getpid(), signal.SIGKILL)
        return Greedy().solve(problem, stop, seed=seed, initial=initial, report=report)
