"""Engines and peers, each run in a process of its own."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from dispatch.bench.contenders import PEERS, contenders
from dispatch.bench.run import run_apart
from dispatch.solver.engine import Report, Result, Status, Stop
from dispatch.solver.problem import Problem
from dispatch.solver.run import prepare
from dispatch.solver.timing import time_routes


def get_ready(engines: Collection[str]) -> None:
    """See that all are there, and compile what they need: no limit pays for it.

    Raises
    ------
    InvalidInput
        Names that nobody has.
    Unavailable
        A peer is not installed.
    """
    contenders(engines)
    for engine in engines:
        if engine not in PEERS:
            prepare(engine, lambda: print("compiling, once; that may take minutes", flush=True))


def solve(
    engine: str, problem: Problem, time_s: float, *, seed: int, report: Report | None = None
) -> Result:
    """Run an engine or a peer, as `dispatch bench` does.

    Raises
    ------
    KeyboardInterrupt
        Ctrl-C: what it had by then is no measurement.
    """
    # Plans are timed here as they come. To load what does that must not delay the first.
    at_home: Sequence[Sequence[int]] = [[]] * problem.vehicle_count
    time_routes(problem, at_home)
    (entrant,) = contenders([engine])
    result = run_apart(entrant.target, problem, Stop(seconds=time_s), seed=seed, report=report)
    if result.status is Status.INTERRUPTED:
        raise KeyboardInterrupt
    return result
