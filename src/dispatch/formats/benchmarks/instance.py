"""What every benchmark instance can do, whatever its format."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from dispatch.errors import Finding
from dispatch.solver.problem import Problem
from dispatch.solver.solution import Solution


@dataclass(frozen=True, slots=True)
class CheckedCost:
    """What a checker found by recomputing a solution from the instance alone."""

    cost: float
    """In the set's own unit, of what is served. Comparable only when nothing is unserved."""
    unserved: tuple[str, ...] = ()
    """Names of those the set says must be served, and are not."""
    errors: tuple[Finding, ...] = ()
    """One for each broken rule; serving everybody is counted in ``unserved`` instead."""

    @property
    def verified(self) -> bool:
        """Whether every rule holds for what is served."""
        return not self.errors


@dataclass(frozen=True, slots=True)
class BestKnown:
    """The best-known solution that lies beside an instance, checked by our own checker."""

    path: Path
    checked: CheckedCost
    stated: float | None
    """The cost its publishers give, as precisely as they print it; None where they give none."""
    reproduced: bool
    """Whether it serves everybody, keeps every rule and costs what is stated."""


SolutionT = TypeVar("SolutionT")


class BenchmarkInstance(Protocol[SolutionT]):
    """An instance of a published set, with the solutions of that set's own form."""

    @property
    def name(self) -> str:
        """The instance, as its set names it."""
        ...

    @property
    def set_name(self) -> str:
        """The set, in lower case: ``hhcrsp``, ``sdvrptw``."""
        ...

    @property
    def source(self) -> Path:
        """The file it was read from."""
        ...

    @property
    def solution_suffix(self) -> str:
        """How the names of the set's solution files end."""
        ...

    def best_known(self) -> BestKnown | None:
        """Find and check the best-known solution beside the instance; None where there is none.

        Raises
        ------
        InvalidInput
            There is one, and it cannot be read.
        """
        ...

    def read_solution(self, path: Path, /) -> SolutionT:
        """Read a solution in the set's own format.

        Raises
        ------
        InvalidInput
            The file is not such a solution; every problem is listed.
        """
        ...

    def check(self, solution: SolutionT, /) -> CheckedCost:
        """Recompute times, rules and cost from the instance alone."""
        ...

    def write(self, solution: SolutionT, path: Path, /) -> None:
        """Write a solution in the set's own format."""
        ...

    def to_problem(self) -> Problem:
        """State it for the solver."""
        ...

    def from_solution(self, solution: Solution, /) -> SolutionT:
        """The solver's answer to :meth:`to_problem`, in the set's own form."""
        ...
