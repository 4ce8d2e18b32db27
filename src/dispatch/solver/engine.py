"""What an engine is: something that solves a problem until it is told to stop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Protocol, TypeAlias, runtime_checkable

from dispatch.errors import InvalidValue
from dispatch.solver.arrays import Ints
from dispatch.solver.problem import Problem
from dispatch.solver.solution import Solution


def never() -> bool:
    """Let a run go on to its end."""
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """When to stop: whichever comes first."""

    seconds: float
    """Wall time, without compiling kernels."""
    iterations: int | None = None
    """Of the engine's own kind; with a seed it makes a run repeatable."""
    called_off: Callable[[], bool] = never
    """Asked now and then; True ends the run early. Engines that can end at any moment do so with
    all they have found by then; in a child process, any other is ended with the best it told of."""

    def __post_init__(self) -> None:
        if not 0 < self.seconds <= 86_400:
            raise InvalidValue("stop.seconds", value=self.seconds)
        if self.iterations is not None and self.iterations < 0:
            raise InvalidValue("stop.iterations", value=self.iterations)

    def elsewhere(self) -> Stop:
        """For another process, which cannot ask: whoever started it asks and tells it."""
        return replace(self, called_off=never)

    def within(self, seconds: float) -> Stop:
        """For a part of the run: so many seconds, however many iterations."""
        return replace(self, seconds=seconds, iterations=None)


class Status(StrEnum):
    """How a run ended. Infeasible and failed are answers, not exceptions."""

    SOLVED = "solved"
    OPTIMAL = "optimal"
    INTERRUPTED = "interrupted"
    """Told to stop from outside; the best so far is there."""
    TIMED_OUT = "timed_out"
    """Killed for running past its limit; the best so far, if any, is there."""
    FAILED = "failed"
    """The engine crashed or broke its promise; the best so far, if any, is there."""


@dataclass(frozen=True, slots=True)
class Step:
    """A point of the improvement curve."""

    seconds: float
    cost: int
    """In cost units."""
    unserved_visits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a run gave."""

    status: Status
    solution: Solution | None
    curve: tuple[Step, ...] = ()
    seconds: float = 0.0
    iterations: int = 0
    message: str = ""
    """What went wrong, where it did."""
    lower_bound: int | None = field(default=None)
    """No plan costs less, in cost units; where the engine can tell."""


Report: TypeAlias = Callable[[float, Solution], bool]
"""Called with the seconds run and each new best; answers False to stop."""


class Engine(Protocol):
    """One way to solve. Anytime: reports each new best as soon as it has one."""

    @property
    def name(self) -> str:
        """What it is called in the registry."""
        ...

    def solve(
        self,
        problem: Problem,
        stop: Stop,
        *,
        seed: int,
        initial: Solution | None = None,
        report: Report | None = None,
    ) -> Result:
        """The best solution found before ``stop``, not worse than ``initial``."""
        ...


class Exchange(Protocol):
    """How a search meets others on its way; asked with the part of the run that is over, 0 to 1."""

    def due(self, progress: float) -> bool:
        """Whether it is time to meet: whoever is asked next should have reported what it knows."""
        ...

    def __call__(self, progress: float) -> tuple[Ints, ...] | None:
        """Meet, if it is due; maybe a better plan than any reported, to go on from."""
        ...


@runtime_checkable
class Sharing(Protocol):
    """An engine that can go on from a plan found elsewhere while it runs."""

    exchange: Exchange | None
    """Asked as long as it runs; none where it works alone."""


@runtime_checkable
class Varied(Protocol):
    """An engine of which several, side by side, do not all search the same way."""

    member: int
    """Which of them it is, from 0; the first searches as it would alone."""


@runtime_checkable
class Spreading(Protocol):
    """An engine that works on several cores by itself, if a day is big."""

    cores: int | None
    """How many; as many as there are, if nothing is said."""


@runtime_checkable
class Annealing(Protocol):
    """An engine that is bold at first and careful at last."""

    def begun_at(self, warmth: float) -> Engine:
        """The same with a part of its first boldness, 0 to 1, for a plan that is good already."""
        ...
