"""Driving at the speed of the hour, step by step: what `solver/kernels/driving.py` does fast."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from dispatch.solver.arrays import NEVER
from dispatch.solver.problem import USUAL_PERCENT, Problem

Rest = tuple[int, int]
"""When it begins, and how long it is."""


@dataclass(frozen=True, slots=True)
class Driving:
    """The speed of one vehicle."""

    steps: tuple[tuple[int, int], ...]
    """From when on which percent; ascending."""

    @staticmethod
    def of(problem: Problem, vehicle: int) -> Driving:
        """As its profile goes."""
        speeds, profile = problem.speeds, problem.vehicles.profile[vehicle]
        rows = zip(speeds.profile, speeds.from_s.tolist(), speeds.percent.tolist(), strict=True)
        return Driving(tuple((since, percent) for own, since, percent in rows if own == profile))

    def go(self, leave: int, usual: int, rests: Sequence[Rest] = ()) -> tuple[int, int]:
        """When a place so many usual seconds off is reached and all rests are over; s of driving.

        A rest begins when the one before is over, and not before ``leave``.
        """
        way, clock, spent = usual * USUAL_PERCENT, leave, 0
        for begin, length in rests:
            for start, end, percent in self._stretches(clock, begin):
                if (end - start) * percent >= way:
                    return rests[-1][0] + rests[-1][1], spent - (-way // percent)
                way, spent = way - (end - start) * percent, spent + end - start
            clock = begin + length
        for start, end, percent in self._stretches(clock, NEVER * USUAL_PERCENT):
            if (end - start) * percent >= way:
                return start - (-way // percent), spent - (-way // percent)
            way, spent = way - (end - start) * percent, spent + end - start
        return clock, spent

    def leave(self, there: int, usual: int) -> int:
        """The last second from which a place is reached by ``there``."""
        if not self.steps:
            return there - usual
        low = there - USUAL_PERCENT * usual  # nobody is slower than one percent
        high = there
        while low < high:
            middle = (low + high + 1) // 2
            if self.go(middle, usual)[0] <= there:
                low = middle
            else:
                high = middle - 1
        return low

    def _stretches(self, start: int, end: int) -> Iterator[tuple[int, int, int]]:
        """Of one speed each: from, to, percent."""
        if not self.steps:
            if start < end:
                yield start, end, USUAL_PERCENT
            return
        edges = [(-NEVER, USUAL_PERCENT), *self.steps, (NEVER * USUAL_PERCENT, 0)]
        for (since, percent), (until, _) in pairwise(edges):
            low, high = max(start, since), min(end, until)
            if low < high:
                yield low, high, percent
