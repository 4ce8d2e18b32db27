"""How far and how long routes are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dispatch.domain.clock import elapsed_s
from dispatch.domain.plan import Route


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """Of all routes together."""

    travel_s: int
    distance_m: int
    duration_s: int
    """From leaving to being back."""

    def __sub__(self, other: Extent) -> Extent:
        """How much more."""
        return Extent(
            travel_s=self.travel_s - other.travel_s,
            distance_m=self.distance_m - other.distance_m,
            duration_s=self.duration_s - other.duration_s,
        )


def extent(routes: Sequence[Route]) -> Extent:
    """How far and how long some routes are."""
    legs = [leg for route in routes for leg in route.legs]
    return Extent(
        travel_s=sum(leg.travel_s for leg in legs),
        distance_m=sum(leg.distance_m for leg in legs),
        duration_s=sum(elapsed_s(route.depart, route.finish) for route in routes),
    )
