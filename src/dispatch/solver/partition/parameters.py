"""How big parts are and how often the cut changes."""

from __future__ import annotations

from dataclasses import dataclass

from dispatch.errors import InvalidValue
from dispatch.solver.portfolio.cores import usable_cores

USUAL_WORKERS = 8
"""Not more unless asked for: each needs some 0.3 GB of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartitionParameters:
    """Parameters of the engine `partition`."""

    engine: str = "lns"
    """Solves the parts."""
    workers: int | None = None
    """Parts solved at once; as many as there are cores, if nothing is said."""
    part_visits: int = 400
    """Visits in a part, about."""
    rounds: int = 8
    """How often the day is cut anew within the time; each round is longer than the one before."""
    shortest_s: float = 1.0
    """Rounds with less time for a part, on average, are not worth it."""
    visit_iterations: int = 50
    """Where rounds are what ends a run: iterations in each part for each of its visits."""
    skill: float = 2.0
    """Not having the skills counts up to so many mean ways, when it is cut."""

    def __post_init__(self) -> None:
        for name in (
            "part_visits",
            "rounds",
            "shortest_s",
            "visit_iterations",
        ):
            if not getattr(self, name) > 0:
                raise InvalidValue("partition.positive", field=name, value=getattr(self, name))
        if self.workers is not None and self.workers < 1:
            raise InvalidValue("partition.positive", field="workers", value=self.workers)

    @property
    def worker_count(self) -> int:
        """How many workers there are."""
        return self.workers or min(USUAL_WORKERS, usable_cores())
