"""Engines for parts that do what no engine should."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from time import sleep

from dispatch.solver.engine import Report, Result, Stop
from dispatch.solver.greedy import Greedy
from dispatch.solver.lns.engine import Lns
from dispatch.solver.problem import Problem
from dispatch.solver.solution import Solution

MARK = "DISPATCH_TEST_KILLED"
"""Names the file that says that a worker has been killed."""
REHEARSAL_VISITS = 4
LATE_S = 3_600.0


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


class KilledByLoad:
    """Kills its process over every part with a visit that has a load."""

    name = "killed-by-load"

    def solve(
        self,
        problem: Problem,
        stop: Stop,
        *,
        seed: int,
        initial: Solution | None = None,
        report: Report | None = None,
    ) -> Result:
        if problem.visit_count > REHEARSAL_VISITS and problem.visits.load.any():
            os.kill(os.getpid(), signal.SIGKILL)
        return Lns().solve(problem, stop, seed=seed, initial=initial, report=report)


class StuckOnce:
    """Does not answer to the first part that it is given in a run."""

    name = "stuck-once"

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
            sleep(LATE_S)
        return Lns().solve(problem, stop, seed=seed, initial=initial, report=report)


class RaisesOverLoad:
    """Has no memory for a part with a visit that has a load."""

    name = "raises-over-load"

    def solve(
        self,
        problem: Problem,
        stop: Stop,
        *,
        seed: int,
        initial: Solution | None = None,
        report: Report | None = None,
    ) -> Result:
        if problem.visits.load.any():
            raise MemoryError("too heavy")
        return Lns().solve(problem, stop, seed=seed, initial=initial, report=report)
