"""Who searches in a portfolio, and how often they meet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dispatch.errors import InvalidValue
from dispatch.solver.engines import engine_names, engine_path
from dispatch.solver.partition.size import is_big
from dispatch.solver.portfolio.cores import usable_cores
from dispatch.solver.problem import Problem

MOST_CORES = 64
USUAL_CORES = 8
"""Not more unless asked for: each search needs some 0.3 GB of its own."""
SEARCH, PROOF, IN_PARTS = "lns", "cpsat", "partition"
SMALL = 24
"""Visits up to which a proof is within reach, so that one search of several tries that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PortfolioParameters:
    """What a portfolio is made of."""

    cores: int | None = None
    """Searches at once; as many as there are cores, if nothing is said."""
    engines: tuple[str, ...] = ()
    """One for each search, instead of the usual ones."""
    meetings: int = 5
    """How often the searches exchange plans, from the middle of the run on."""

    def __post_init__(self) -> None:
        if self.cores is not None and not 1 <= self.cores <= MOST_CORES:
            raise InvalidValue("portfolio.cores", value=self.cores, most=MOST_CORES)
        if self.meetings < 0:
            raise InvalidValue("portfolio.meetings", value=self.meetings)
        for engine in self.engines:
            engine_path(engine)

    def engines_for(self, problem: Problem) -> tuple[str, ...]:
        """The engine of each search."""
        if self.engines:
            return self.engines
        if is_big(problem):
            return (IN_PARTS,)
        count = self.cores or min(USUAL_CORES, usable_cores())
        proof = count > 1 and problem.visit_count <= SMALL and PROOF in engine_names()
        return (SEARCH,) * (count - proof) + (PROOF,) * proof


def seeds(seed: int, count: int) -> Sequence[int]:
    """A seed for each search; the first one's is the given, so that it does what it does alone."""
    return [seed, *np.random.SeedSequence(seed).generate_state(count - 1).tolist()]
