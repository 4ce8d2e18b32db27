"""What the pieces of ruin and recreate are worth, each run with a random half of them off.

So every run tells of every piece: with as many runs a difference is known twice as well, and more,
as where one piece is off at a time (Box, Hunter and Hunter, Statistics for Experimenters, 2nd
edition, 2005, chapters 5 and 6).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from zlib import crc32

import numpy as np

from apart import get_ready
from dispatch.solver.partition.size import is_big
from measured import EVERYTHING, AblationRun, Key
from part_ablation import STRINGS, solved_without
from published import cases
from search_tables import factorial_page
from side_by_side import make_and_show

DRAWN = "drawn"
ALWAYS_ON = (EVERYTHING, "exchange of tails", "gifts to new routes")
"""Worth so much that nothing else would be seen beside them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorialTrial:
    """A run to be made."""

    path: Path
    group: str
    instance: str
    number: int
    """Of the run of this instance, and its seed."""
    time_s: float

    @property
    def parameters(self) -> dict[str, float]:
        """What switches a random half of the pieces off."""
        rng = np.random.default_rng([self.number, crc32(self.instance.encode())])
        pieces = [off for piece, off in STRINGS.items() if piece not in ALWAYS_ON]
        drawn = rng.random(len(pieces)) < 0.5
        return {
            name: value
            for off, is_off in zip(pieces, drawn.tolist(), strict=True)
            if is_off
            for name, value in off.items()
        }

    @property
    def key(self) -> Key:
        """As :attr:`AblationRun.key`."""
        changed = tuple(sorted(self.parameters.items()))
        return (self.group, self.instance, DRAWN, changed, self.number, self.time_s)

    def run(self) -> AblationRun:
        """Solve in this process, and let the set's own checker judge."""
        return solved_without(
            self.path, DRAWN, self.parameters, is_tied=False, seed=self.number, time_s=self.time_s
        )


def measure_factorial(
    paths: Sequence[Path], *, seconds: float, runs: int, workers: int, out: Path
) -> list[Path]:
    """Make so many runs of each instance without ties; write the table.

    Returns
    -------
    list of Path
        What was written.

    Raises
    ------
    InvalidInput
        A path holds no instance.
    """
    get_ready(["lns"])
    pieces = {piece: next(iter(off)) for piece, off in STRINGS.items() if piece not in ALWAYS_ON}
    return make_and_show(
        list(_trials(paths, seconds, runs)),
        "factorial",
        AblationRun,
        page=partial(factorial_page, pieces=pieces),
        workers=workers,
        out=out,
    )


def _trials(paths: Sequence[Path], seconds: float, runs: int) -> Iterator[FactorialTrial]:
    found = [case for case in cases(paths) if not case.is_tied and not is_big(case.problem)]
    for number in range(1, runs + 1):
        for case in found:
            yield FactorialTrial(
                path=case.instance.source,
                group=case.group,
                instance=case.instance.name,
                number=number,
                time_s=seconds,
            )
