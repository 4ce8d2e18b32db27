"""Searches side by side, as the one who leads them sees it."""

from __future__ import annotations

from collections.abc import Sequence
from queue import Empty, SimpleQueue
from time import perf_counter

from dispatch import texts
from dispatch.solver.child.parent import WAKE_S
from dispatch.solver.child.watched import STOP_GRACE_S, Watched
from dispatch.solver.engine import Report, Result, Status, Stop
from dispatch.solver.incumbent import Incumbent
from dispatch.solver.problem import Problem
from dispatch.solver.solution import Solution

LOST = (Status.FAILED, Status.TIMED_OUT)


class Team:
    """The searches, their meetings and their common best."""

    def __init__(
        self, problem: Problem, stop: Stop, initial: Solution | None, report: Report | None
    ) -> None:
        self._stop = stop
        self._problem = problem
        self._report = report
        self._members: list[Watched] = []
        self._incumbent = Incumbent(problem, report)
        self._started_at: float | None = None
        self._initial = initial
        self._interrupted = self._called_off = False

    def join(self, member: Watched) -> None:
        """One more search."""
        self._members.append(member)

    def hear(self, _seconds: float, solution: Solution) -> bool:
        """One of them has a better plan than it had; answers whether to go on."""
        return self._incumbent.offer(solution)

    def result(self, lines: SimpleQueue[tuple[int, bytes]]) -> Result:
        """Listen to all of them until the last has ended."""
        while self._working:
            try:
                self._listen(lines)
                if self._started_at is None:
                    self._start_together()
                else:
                    self._meet()
                self._call_off()
            except KeyboardInterrupt:
                self._interrupted = True
                for member in self._working:
                    member.interrupt()
        return self._verdict()

    @property
    def _working(self) -> list[Watched]:
        return [member for member in self._members if not member.ended]

    def _listen(self, lines: SimpleQueue[tuple[int, bytes]]) -> None:
        """Wait for a line, but not beyond the next deadline."""
        wait_s = min(WAKE_S, *(member.seconds_left for member in self._working))
        try:
            speaker, line = lines.get(timeout=max(0.0, wait_s))
            self._members[speaker].take(line)
        except Empty:
            pass
        for member in self._working:
            member.take(None)

    def _start_together(self) -> None:
        """Start the clock of all when all are ready."""
        if not all(member.ready for member in self._working):
            return
        self._started_at = perf_counter()
        self._incumbent = Incumbent(self._problem, self._report)
        if self._initial is not None and self._members[0].best is not None:
            self._incumbent.offer(self._members[0].best)
        for member in self._working:
            member.go()

    def _meet(self) -> None:
        """Let everybody who waits go on, those who lag from the best plan.

        With a limit on iterations all meet at the same iteration, so that a run repeats; with a
        limit on seconds alone nobody waits for anybody.
        """
        sharing = [member for member in self._members if member.shares]
        waiting = [member for member in self._working if member.meets]
        together = self._stop.iterations is not None
        if together and any(not member.meets for member in sharing if not member.ended):
            return
        best = best_of(sharing if together else self._members)
        for member in waiting:
            lags = best is not None and (member.best is None or best.cost < member.best.cost)
            member.answer(best if lags else None)

    def _call_off(self) -> None:
        """End what need not go on: all is proven, nobody wants more, or it is late.

        A limit on iterations is there for a run to repeat. When a proof comes is up to the clock,
        and of two plans that cost the same, which one there is would be, too.
        """
        ended = [member.result for member in self._members if member.result is not None]
        proven = self._stop.iterations is None and any(
            result.status is Status.OPTIMAL for result in ended
        )
        self._called_off = self._called_off or self._stop.called_off()
        late = (
            any(result.status not in LOST for result in ended)
            and self._seconds > self._stop.seconds
        )
        for member in self._working:
            if proven or self._incumbent.stopped or self._called_off:
                member.ask_to_stop()
            elif late:
                member.hurry(STOP_GRACE_S)

    @property
    def _seconds(self) -> float:
        return 0.0 if self._started_at is None else perf_counter() - self._started_at

    def _verdict(self) -> Result:
        results = [member.result for member in self._members if member.result is not None]
        bounds = [result.lower_bound for result in results if result.lower_bound is not None]
        return Result(
            status=self._status(results),
            solution=best_of(self._members),
            curve=tuple(self._incumbent.curve),
            seconds=self._seconds,
            iterations=sum(result.iterations for result in results),
            message=_message(results),
            lower_bound=max(bounds, default=None),
        )

    def _status(self, results: Sequence[Result]) -> Status:
        statuses = [result.status for result in results]
        if Status.OPTIMAL in statuses:
            return Status.OPTIMAL
        if self._interrupted or self._called_off or self._incumbent.stopped:
            return Status.INTERRUPTED
        return statuses[0] if all(status in LOST for status in statuses) else Status.SOLVED


def best_of(members: Sequence[Watched]) -> Solution | None:
    """The cheapest plan; of equal ones that of the first, whoever was quicker."""
    found = [member.best for member in members if member.best is not None]
    return min(found, key=lambda solution: solution.cost, default=None)


def _message(results: Sequence[Result]) -> str:
    """What went wrong, where something did, and how much of the whole it was."""
    said = "; ".join(dict.fromkeys(result.message for result in results if result.message))
    lost = sum(result.status in LOST for result in results)
    if 0 < lost < len(results):
        return texts.say("portfolio.lost.cause", "en", lost=lost, count=len(results), said=said)
    return said
