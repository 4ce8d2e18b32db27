"""The parent: starts the child, keeps the best it says, and ends it for certain."""

from __future__ import annotations

from time import perf_counter

from dispatch import texts
from dispatch.solver.child.messages import Message, Order, read_message
from dispatch.solver.child.process import ChildProcess
from dispatch.solver.engine import Report, Result, Status, Step, Stop
from dispatch.solver.engines import engine_path
from dispatch.solver.problem import Problem
from dispatch.solver.solution import Solution
from dispatch.solver.timing import time_routes

MEMORY_BYTES = 8 * 2**30
"""Of address space. A child needs about 0.5 GB before it has seen a problem."""
START_UP_S = 300.0
"""For imports and compiling; not counted into the limit."""
WAKE_S = 0.25
"""Not every system ends a wait at Ctrl-C, so waits are short."""
STOP_GRACE_S = 2.0
"""An engine that was asked to stop gets so long to answer."""


def run(
    engine: str,
    problem: Problem,
    stop: Stop,
    *,
    seed: int,
    initial: Solution | None = None,
    report: Report | None = None,
    memory_bytes: int = MEMORY_BYTES,
    start_up_s: float = START_UP_S,
) -> Result:
    """Solve in a child process. Whatever happens there, a result comes back.

    Parameters
    ----------
    engine
        A name of :func:`~dispatch.solver.engines.engine_names`.
    stop
        The child is killed at 1.2 times its seconds and 5 seconds more.
    report
        Called here, in the parent, with each new best; answers False to stop. Ctrl-C does the
        same: the best so far comes back as ``INTERRUPTED``.
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
    order = Order(engine=engine, problem=problem, stop=stop, seed=seed, initial=initial)
    with ChildProcess(order, memory_bytes) as child:
        return _Run(child, order, report, start_up_s).result()


class _Run:
    """One run, seen from the parent."""

    def __init__(
        self, child: ChildProcess, order: Order, report: Report | None, start_up_s: float
    ) -> None:
        self._child = child
        self._problem = order.problem
        self._limit_s = 1.2 * order.stop.seconds + 5
        self._report = report
        self._begin = perf_counter()
        self._deadline = self._begin + start_up_s
        self._started = False
        self._asked = False
        self._best: Solution | None = None
        self._curve: list[Step] = []
        self._ending: Result | None = None
        if order.initial is not None:
            self._best = time_routes(order.problem, order.initial.routes).solution

    def result(self) -> Result:
        """Listen until it is over."""
        while self._ending is None:
            try:
                left = self._deadline - perf_counter()
                self._take(self._child.next_line(min(WAKE_S, left)))
            except KeyboardInterrupt:
                if self._asked:
                    self._end(Status.INTERRUPTED)
                self._ask_to_stop()
        return self._ending

    def _take(self, line: bytes | None) -> None:
        if line == b"":
            self._end(*self._failed("engine.crashed", ending=self._child.how_it_ended()))
        elif line is not None:
            try:
                message = read_message(line)
            except (ValueError, RecursionError):
                self._end(*self._failed("engine.garbage"))
            else:
                self._hear(message)
        if self._ending is None and perf_counter() > self._deadline:
            self._run_out_of_time()

    def _hear(self, message: Message) -> None:
        if message.kind == "ready" and not self._started:
            self._started = True
            self._begin = perf_counter()
            if not self._asked:
                self._deadline = self._begin + self._limit_s
        if message.routes is not None and not self._believe(message.routes):
            return
        if message.kind == "failed":
            self._end(*self._failed("engine.raised", error=message.text))
        elif message.kind == "done":
            self._finish(message)

    def _believe(self, routes: tuple[tuple[int, ...], ...]) -> bool:
        """Time the routes here: what a child says of cost and times does not count."""
        timed = time_routes(self._problem, routes)
        if timed.solution is None:
            rules = ", ".join(sorted({violation.rule.value for violation in timed.violations}))
            self._end(*self._failed("engine.broke-rules", rules=rules))
            return False
        if self._best is None or timed.solution.cost < self._best.cost:
            self._improve(timed.solution)
        return True

    def _improve(self, solution: Solution) -> None:
        self._best = solution
        seconds = perf_counter() - self._begin
        self._curve.append(Step(seconds, solution.cost, solution.unserved_visits))
        if self._report is not None and not self._report(seconds, solution):
            self._ask_to_stop()

    def _finish(self, message: Message) -> None:
        status = Status(message.status)
        if self._asked:
            status = Status.INTERRUPTED
        elif self._best is None:
            status = Status.FAILED
        self._end(status, message.text, message.iterations, message.lower_bound)

    def _run_out_of_time(self) -> None:
        if self._asked:
            self._end(Status.INTERRUPTED)
        elif self._started:
            self._end(Status.TIMED_OUT, _say("engine.overran", seconds=round(self._limit_s, 1)))
        else:
            waited = round(perf_counter() - self._begin, 1)
            self._end(Status.TIMED_OUT, _say("engine.slow-start", seconds=waited))

    def _ask_to_stop(self) -> None:
        if not self._asked:
            self._asked = True
            self._deadline = perf_counter() + STOP_GRACE_S
            self._child.ask_to_stop()

    def _failed(self, code: str, **values: str) -> tuple[Status, str]:
        if self._asked:
            return Status.INTERRUPTED, ""
        return Status.FAILED, _say(code, **values)

    def _end(
        self,
        status: Status,
        message: str = "",
        iterations: int = 0,
        lower_bound: int | None = None,
    ) -> None:
        self._ending = Result(
            status=status,
            solution=self._best,
            curve=tuple(self._curve),
            seconds=perf_counter() - self._begin,
            iterations=iterations,
            message=message,
            lower_bound=lower_bound,
        )


def _say(code: str, **values: object) -> str:
    return texts.say(f"{code}.cause", "en", **values)
