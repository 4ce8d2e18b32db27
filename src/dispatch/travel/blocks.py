"""A large table, asked for in blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import product

import numpy as np

from dispatch.planning.travel_times import Progress
from dispatch.travel.ellipsoid import Floats

ROWS = 256
"""Rows worked on at a time, so that what is in between takes little room."""

Block = tuple[Floats, Floats]
"""Seconds and metres, (origins, destinations)."""


def table_in_blocks(
    size: int, block: int, ask: Callable[[range, range], Block], progress: Progress | None
) -> Block:
    """Seconds and metres between ``size`` places, no more than ``block`` a side at a time."""
    seconds, metres = np.empty((size, size)), np.empty((size, size))
    parts = [range(first, min(first + block, size)) for first in range(0, size, block)]
    for done, (origins, destinations) in enumerate(product(parts, parts), start=1):
        here = np.ix_(origins, destinations)
        seconds[here], metres[here] = ask(origins, destinations)
        if progress:
            progress(done / len(parts) ** 2)
    return seconds, metres


def in_rows(seconds: Floats, metres: Floats) -> Iterator[Block]:
    """A table in blocks of whole rows."""
    for first in range(0, len(seconds), ROWS):
        yield seconds[first : first + ROWS], metres[first : first + ROWS]


def legs_in_blocks(size: int, block: int) -> Sequence[range]:
    """Stretches of a route through ``size`` places; each starts where the one before stops."""
    return [range(first, min(first + block, size)) for first in range(0, size - 1, block - 1)]
