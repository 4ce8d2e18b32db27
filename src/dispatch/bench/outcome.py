"""What a benchmark gives: one outcome for each run, and the whole report."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from dispatch.bench.features import Feature
from dispatch.errors import Finding
from dispatch.formats.benchmarks.instance import BestKnown
from dispatch.formats.files import write_atomically


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One run of one engine on one instance: a record of the results file, field by field."""

    set: str
    instance: str
    engine: str
    seed: int
    time_s: float
    """The limit."""
    seconds: float
    """What the run took, without starting the process and compiling kernels."""
    cost: float | None
    """Of what is served, in the set's own unit; None without a solution."""
    best_known: float | None
    """None where none was published, or ours could not be made to agree."""
    gap_pct: float | None
    """Of the cost over the best known; None unless everybody is served and all rules hold."""
    unserved: int
    """How many that must be served are not."""
    verified: bool
    """Whether the written solution, read again, keeps every rule for those it serves."""
    solution: str | None
    """Path of the written solution."""


@dataclass(frozen=True, slots=True)
class Run:
    """An outcome with what its record has no room for."""

    outcome: Outcome
    errors: tuple[Finding, ...] = ()
    """Rules that the solution breaks."""
    message: str = ""
    """What the engine said went wrong."""


@dataclass(frozen=True, slots=True)
class Reproduction:
    """What our checker makes of the published solution of an instance."""

    set: str
    instance: str
    best_known: BestKnown | None
    """None where there is none, or it cannot be read."""
    findings: tuple[Finding, ...] = ()
    """Why it cannot be read, or how our checker disagrees with it."""

    @property
    def cost(self) -> float | None:
        """The best known cost, where our checker reproduces it."""
        if self.best_known is None or self.findings:
            return None
        return self.best_known.checked.cost


@dataclass(frozen=True, slots=True)
class Declined:
    """An engine that cannot express an instance, and what it lacks."""

    set: str
    instance: str
    engine: str
    lacks: tuple[Feature, ...]


@dataclass(frozen=True, slots=True)
class BenchReport:
    """Everything that a benchmark found."""

    reproductions: tuple[Reproduction, ...]
    runs: tuple[Run, ...] = ()
    declined: tuple[Declined, ...] = ()
    refused: tuple[Finding, ...] = ()
    """Instances that could not be read, published solutions that could not be reproduced."""
    interrupted: bool = False

    @property
    def good(self) -> bool:
        """Whether all was read, every published cost reproduced, and every run verified."""
        return not self.refused and all(run.outcome.verified for run in self.runs)


def write_results(runs: Sequence[Run], path: Path) -> None:
    """Write the results file: a JSON list with one record for each run."""
    records = [asdict(run.outcome) for run in runs]
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, (json.dumps(records, indent=2, ensure_ascii=False) + "\n").encode())
