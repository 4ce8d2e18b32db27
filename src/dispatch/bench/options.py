"""What a benchmark runs, for how long, and where it writes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dispatch.errors import InvalidValue
from dispatch.solver.engine import Stop

MOST_SEEDS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchOptions:
    """Settings of a benchmark.

    Raises
    ------
    InvalidValue
        A number of seeds or of seconds that cannot be run.
    """

    engines: tuple[str, ...]
    """Names of engines and peers."""
    seconds: float
    """Limit of each run."""
    out: Path
    """The results file; solutions go to a folder beside it."""
    seeds: int = 1
    """How many: 1 to this number."""

    def __post_init__(self) -> None:
        if not 1 <= self.seeds <= MOST_SEEDS:
            raise InvalidValue("bench.seeds", value=self.seeds, most=MOST_SEEDS)
        Stop(seconds=self.seconds)

    def solution_path(self, *, engine: str, set_name: str, file: str) -> Path:
        """Where the solution of a run is written."""
        return self.out.with_name(f"{self.out.stem}-solutions") / engine / set_name / file
