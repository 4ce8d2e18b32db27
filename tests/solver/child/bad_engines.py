"""Engines that do wrong, for the tests of the child. Nobody listens to a rehearsal."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence

import numpy as np

from dispatch.solver.engine import Report, Result, Status, Stop
from dispatch.solver.problem import Problem
from dispatch.solver.solution import Solution

FOREVER_S = 600


class Bad(ABC):
    """Does nothing at its rehearsal, then reports a good plan, then does its wrong."""

    name = "bad"

    def solve(
        self,
        problem: Problem,
        stop: Stop,
        *,
        seed: int,
        initial: Solution | None = None,
        report: Report | None = None,
    ) -> Result:
        if report is None:
            return Result(status=Status.SOLVED, solution=None)
        good = one_each(problem)
        report(0.0, good)
        return self.misbehave(problem, good, report)

    @abstractmethod
    def misbehave(self, problem: Problem, good: Solution, report: Report) -> Result:
        """The wrong."""


class SegmentationFault(Bad):
    def misbehave(self, problem: Problem, good: Solution, report: Report) -> Result:
        ctypes.string_at(0)
        raise AssertionError


class Abort(Bad):
    def misbehave(self, problem: Problem, good: Solution, report: Report) -> Result:
        os.abort()


class Exit(Bad):
    def misbehave(self, problem: Problem, good: Solution, report: Report) -> Result:
        sys.stderr.write("fatal: out of luck\n")
        sys.stderr.flush()
        os._exit(3)


class Raise(Bad):
    def misbehave(self, problem: Problem, good: Solution, report: Report) -> Result:
        raise ZeroDivisionError("one by none")


class EatMemory(Bad):
    def misbehave(self, problem: Problem, good: Solution, report: Report) -> Result:
        hoard = bytearray(2**40)
        return Result(status=Status.SOLVED, solution=None, message=str(len(hoard)))


class Hang(Bad):
    def misbehave(self, problem: Problem, good: Solution, report: Report) -> Result:
        signal.pthread_sigmask(signal.SIG_BLOCK, set(signal.Signals) - {signal.SIGKILL})
        time.sleep(FOREVER_S)
        raise AssertionError


class ClosePipes(Bad):
    def misbehave(self, problem: Problem, good: Solution, report: Report) -> Result:
        os.closerange(3, 256)
        time.sleep(FOREVER_S)
        raise AssertionError


class ReportOnAndOn(Bad):
    def misbehave(self, problem: Problem, good: Solution, report: Report) -> Result:
        while report(0.0, good):
            time.sleep(0.01)
        return Result(status=Status.SOLVED, solution=good)


class BreakRules(Bad):
    """Claims that the first vehicle serves everybody, whatever the rules say."""

    def misbehave(self, problem: Problem, good: Solution, report: Report) -> Result:
        return Result(status=Status.OPTIMAL, solution=_everything_at_once(problem))


class ReportRuleBreaks(Bad):
    def misbehave(self, problem: Problem, good: Solution, report: Report) -> Result:
        report(0.0, _everything_at_once(problem))
        time.sleep(FOREVER_S)
        raise AssertionError


class LieAboutCost(Bad):
    """Returns a plan that serves nobody, and says that it costs nothing."""

    def misbehave(self, problem: Problem, good: Solution, report: Report) -> Result:
        return Result(status=Status.OPTIMAL, solution=solution_of([[], []]))


class TalkGarbage(Bad):
    """Writes into every pipe it finds; one of them is the parent's."""

    text = b"\xff\x00 garbage\n"

    def misbehave(self, problem: Problem, good: Solution, report: Report) -> Result:
        for descriptor in range(3, 64):
            try:
                os.write(descriptor, self.text)
            except OSError:
                continue
        time.sleep(FOREVER_S)
        raise AssertionError


class TalkAlmostRight(TalkGarbage):
    text = (
        b'{"kind": "best", "shares": false, "routes": [[true]], "status": "", "iterations": 0,'
        b' "lower_bound": null, "text": ""}\n'
    )


class TalkNesting(TalkGarbage):
    text = b"[" * 60_000 + b"\n"


class PrintALot(Bad):
    """What libraries print must not be taken for messages."""

    def misbehave(self, problem: Problem, good: Solution, report: Report) -> Result:
        print("hello", flush=True)  # noqa: T201
        os.write(1, b"hello from native code\n")
        return Result(status=Status.SOLVED, solution=good)


class FindNothing(Bad):
    def solve(
        self,
        problem: Problem,
        stop: Stop,
        *,
        seed: int,
        initial: Solution | None = None,
        report: Report | None = None,
    ) -> Result:
        return Result(status=Status.SOLVED, solution=None)

    def misbehave(self, problem: Problem, good: Solution, report: Report) -> Result:
        raise AssertionError


class KeepTheBestForTheEnd(Bad):
    """Tells of a poor plan, and of the good one when it is called off; that is right."""

    def solve(
        self,
        problem: Problem,
        stop: Stop,
        *,
        seed: int,
        initial: Solution | None = None,
        report: Report | None = None,
    ) -> Result:
        if report is not None:
            report(0.0, solution_of([[]] * problem.vehicle_count))
            while not stop.called_off():
                time.sleep(0.01)
            report(0.0, one_each(problem))
        return Result(status=Status.SOLVED, solution=None)

    def misbehave(self, problem: Problem, good: Solution, report: Report) -> Result:
        raise AssertionError


class SlowStart(Bad):
    def __init__(self) -> None:
        time.sleep(FOREVER_S)

    def misbehave(self, problem: Problem, good: Solution, report: Report) -> Result:
        raise AssertionError


def one_each(problem: Problem) -> Solution:
    """The best plan where each vehicle may serve one visit, its own."""
    return solution_of([[visit] for visit in range(problem.visit_count)])


def _everything_at_once(problem: Problem) -> Solution:
    return solution_of([range(problem.visit_count), []])


def solution_of(routes: Sequence[Sequence[int]]) -> Solution:
    """Routes with no times and no cost: the parent is to compute them, not to believe them."""
    nothing = np.zeros(0, dtype=np.int64)
    return Solution(
        routes=tuple(np.asarray(route, dtype=np.int64) for route in routes),
        vehicle=nothing,
        arrive_s=nothing,
        start_s=nothing,
        end_s=nothing,
        break_start_s=nothing,
        depart_s=nothing,
        finish_s=nothing,
        costs=nothing,
    )
