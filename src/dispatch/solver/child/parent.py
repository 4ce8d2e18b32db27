"""The parent: starts the child, keeps the best it says, and ends it for certain."""

from __future__ import annotations

from queue import Empty, SimpleQueue

from dispatch.solver.child.messages import Order
from dispatch.solver.child.process import ChildProcess
from dispatch.solver.child.rehearsal import tiny_problem
from dispatch.solver.child.watched import Watched
from dispatch.solver.engine import Report, Result, Status, Stop
from dispatch.solver.engines import engine_path
from dispatch.solver.problem import Problem
from dispatch.solver.solution import Solution

MEMORY_BYTES = 8 * 2**30
"""Of address space. A child needs about 0.5 GB before it has seen a problem."""
START_UP_S = 300.0
"""For imports and compiling; not counted into the limit."""
WARM_UP_S = 1_800.0
"""For compiling everything on a machine that has much else to do."""
WAKE_S = 0.25
"""Not every system ends a wait at Ctrl-C, so waits are short."""


def run(
    engine: str,
    problem: Problem,
    stop: Stop,
    *,
    seed: int,
    initial: Solution | None = None,
    report: Report | None = None,
    cores: int | None = None,
    memory_bytes: int = MEMORY_BYTES,
    start_up_s: float = START_UP_S,
) -> Result:
    """Solve in a child process. Whatever happens there, a result comes back.

    Parameters
    ----------
    engine
        A name of :func:`~dispatch.solver.engines.engine_names`.
    stop
        The child is killed at 1.2 times its seconds and 5 seconds more. Whether it is called off is
        asked here.
    report
        Called here, in the parent, with each new best; answers False to stop. Ctrl-C does the
        same: the best so far comes back as ``INTERRUPTED``.
    cores
        How many the child may use, where a day is so big that its parts are solved side by side.
    memory_bytes
        Address space of the child.
    start_up_s
        How long it may take before it starts to solve.

    Raises
    ------
    InvalidValue
        No engine has this name.
    """
    engine_path(engine)
    order = Order(
        engine=engine,
        problem=problem,
        stop=stop.elsewhere(),
        seed=seed,
        initial=initial,
        cores=cores,
    )
    lines: SimpleQueue[bytes] = SimpleQueue()
    with ChildProcess(order, memory_bytes, lines.put) as child:
        watched = Watched(child, order, report, start_up_s)
        while watched.result is None:
            try:
                watched.take(next_of(lines, min(WAKE_S, watched.seconds_left)))
                if watched.ready:
                    watched.go()
                if stop.called_off():
                    watched.ask_to_stop()
            except KeyboardInterrupt:
                watched.interrupt()
    return watched.result


def warm_up(engine: str) -> None:
    """Compile an engine's kernels, which may take minutes the first time, and keep them.

    Raises
    ------
    KeyboardInterrupt
        Ctrl-C ended it.
    InvalidValue
        No engine has this name.
    """
    stop = Stop(seconds=1, iterations=1)
    result = run(engine, tiny_problem(), stop, seed=0, start_up_s=WARM_UP_S)
    if result.status is Status.INTERRUPTED:
        raise KeyboardInterrupt


def next_of(lines: SimpleQueue[bytes], seconds: float) -> bytes | None:
    """The next line, or None if none came in time."""
    try:
        return lines.get(timeout=max(0.0, seconds))
    except Empty:
        return None
