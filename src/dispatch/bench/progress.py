"""What a benchmark tells while it runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from dispatch.bench.outcome import Reproduction, Run
from dispatch.solver.solution import Solution


@dataclass(frozen=True, slots=True)
class BenchProgress:
    """Where a benchmark stands. Told when a run starts, gets better and ends."""

    done: int
    """Runs, with those that were declined."""
    total: int
    set: str = ""
    instance: str = ""
    engine: str = ""
    seed: int = 0
    seconds: float = 0.0
    """Into this run, at its last better solution."""
    best: Solution | None = None
    """The best of this run so far; its cost is in the solver's units."""
    reproductions: tuple[Reproduction, ...] = ()
    """Of the published solutions; all there before the first run."""
    last: Run | None = None
    """The run that ended last."""


Progress: TypeAlias = Callable[[BenchProgress], None]
