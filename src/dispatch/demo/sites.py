"""Customers' addresses on the streets of the city."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dispatch.demo import names
from dispatch.demo.company import territory_of
from dispatch.demo.draw import chance, some, weighted
from dispatch.domain.position import Position
from dispatch.domain.site import Site

SETUP_MINUTES = {0: 0.3, 2: 0.25, 3: 0.2, 4: 0.15, 6: 0.1}
SHARED = 0.06
"""Of the jobs, this part is at a site that another job has as well."""


def sites(
    rng: np.random.Generator, jobs: int, ground: Sequence[Position]
) -> tuple[tuple[Site, ...], list[str]]:
    """The sites, and for each of ``jobs`` jobs the id of its own."""
    of_jobs: list[str] = []
    placed: list[Site] = []
    positions = iter(some(rng, ground, jobs))
    for _ in range(jobs):
        if not placed or not chance(rng, SHARED):
            placed.append(_site(rng, f"S{len(placed) + 1:04}", next(positions)))
        of_jobs.append(placed[-1].id)
    return tuple(placed), of_jobs


def _site(rng: np.random.Generator, identifier: str, position: Position) -> Site:
    return Site(
        id=identifier,
        position=position,
        name=names.customer(rng),
        address=names.address(rng),
        territory=territory_of(position),
        setup_s=60 * weighted(rng, SETUP_MINUTES),
    )
