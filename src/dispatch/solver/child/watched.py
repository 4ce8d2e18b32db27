"""A child as its parent sees it: what it says is weighed, and its end is certain."""

from __future__ import annotations

from math import inf
from time import perf_counter

from dispatch import texts
from dispatch.solver.child.messages import Message, Order, read_message, routes_of
from dispatch.solver.child.process import ChildProcess
from dispatch.solver.engine import Report, Result, Status, Step
from dispatch.solver.solution import Solution
from dispatch.solver.timing import Timekeeper

STOP_GRACE_S = 2.0
"""An engine that was asked to stop gets so long to answer."""


class Watched:
    """One child and the best it has said. Ends by itself, by its deadline, or by being ended."""

    def __init__(
        self, child: ChildProcess, order: Order, report: Report | None, start_up_s: float
    ) -> None:
        self.best: Solution | None = None
        self.ready = False
        """It waits for the clock to start."""
        self.shares = False
        """It will meet the others."""
        self.meets = False
        """It waits for an answer."""
        self.result: Result | None = None
        """How it ended."""
        self._child = child
        self._keeper = Timekeeper(order.problem)
        self._limit_s = 1.2 * order.stop.seconds + 5
        self._report = report
        self._begin = perf_counter()
        self._deadline = self._begin + start_up_s
        self._running = False
        self._asked = False
        self._curve: list[Step] = []
        if order.initial is not None:
            self.best = self._keeper.time(order.initial.routes).solution

    @property
    def ended(self) -> bool:
        """Whether there will be no more of it."""
        return self.result is not None

    @property
    def seconds_left(self) -> float:
        """To its deadline."""
        return self._deadline - perf_counter()

    def go(self) -> None:
        """Start its clock."""
        self.ready, self._running = False, True
        self._begin = perf_counter()
        self._deadline = self._begin + (STOP_GRACE_S if self._asked else self._limit_s)
        self._child.tell(Message(kind="go"))

    def answer(self, better: Solution | None) -> None:
        """Let it go on after a meeting, from a better plan if there is one."""
        self.meets = False
        if better is None:
            self._child.tell(Message(kind="answer"))
            return
        self.best = better
        self._child.tell(Message(kind="answer", routes=routes_of(better)))

    def ask_to_stop(self) -> None:
        """Ask for an end soon."""
        if not self._asked:
            self._asked = True
            self.hurry(STOP_GRACE_S)
            self._child.tell(Message(kind="stop"))

    def hurry(self, seconds: float) -> None:
        """Let it live no longer than this from now on."""
        self._deadline = min(self._deadline, perf_counter() + seconds)

    def interrupt(self) -> None:
        """Ask for an end soon; whoever has been asked already is ended now."""
        if self._asked:
            self._end(Status.INTERRUPTED)
        self.ask_to_stop()

    def take(self, line: bytes | None) -> None:
        """Weigh a line, if one came, and look at the clock."""
        if not self.ended and line is not None:
            self._weigh(line)
        if not self.ended and self.seconds_left < 0:
            self._run_out_of_time()

    def _weigh(self, line: bytes) -> None:
        if line == b"":
            self._end(*self._failed("engine.crashed", ending=self._child.how_it_ended()))
            return
        try:
            message = read_message(line)
        except (ValueError, RecursionError):
            self._end(*self._failed("engine.garbage"))
        else:
            self._hear(message)

    def _hear(self, message: Message) -> None:
        if message.routes is not None and not self._believe(message.routes):
            return
        match message.kind:
            case "ready" if not self._running:
                self.ready, self.shares = True, message.shares
                self._deadline = inf  # it waits for its parent now
            case "meet":
                self.meets = True
            case "failed":
                self._end(*self._failed("engine.raised", error=message.text))
            case "done":
                self._finish(message)

    def _believe(self, routes: tuple[tuple[int, ...], ...]) -> bool:
        """Time the routes here: what a child says of cost and times does not count."""
        timed = self._keeper.time(routes)
        if timed.solution is None:
            rules = ", ".join(sorted({violation.rule.value for violation in timed.violations}))
            self._end(*self._failed("engine.broke-rules", rules=rules))
            return False
        if self.best is None or timed.solution.cost < self.best.cost:
            self._improve(timed.solution)
        return True

    def _improve(self, solution: Solution) -> None:
        self.best = solution
        seconds = perf_counter() - self._begin
        self._curve.append(Step(seconds, solution.cost, solution.unserved_visits))
        if self._report is not None and not self._report(seconds, solution):
            self.ask_to_stop()

    def _finish(self, message: Message) -> None:
        status = Status(message.status)
        if self._asked:
            status = Status.INTERRUPTED
        elif self.best is None:
            status = Status.FAILED
        self._end(status, message.text, message.iterations, message.lower_bound)

    def _run_out_of_time(self) -> None:
        if self._asked:
            self._end(Status.INTERRUPTED)
            return
        waited = round(perf_counter() - self._begin, 1)
        code = "engine.overran" if self._running else "engine.slow-start"
        self._end(Status.TIMED_OUT, _say(code, seconds=waited))

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
        self.result = Result(
            status=status,
            solution=self.best,
            curve=tuple(self._curve),
            seconds=perf_counter() - self._begin,
            iterations=iterations,
            message=message,
            lower_bound=lower_bound,
        )


def _say(code: str, **values: object) -> str:
    return texts.say(f"{code}.cause", "en", **values)
