"""Where homes and sites can be in the demo city: on its streets."""

from __future__ import annotations

from functools import cache

from dispatch.data_files import data_path
from dispatch.domain.position import Position
from dispatch.travel.road.travel import RoadTravel

STREETS = "gothenburg/streets.geojson.gz"
LIVED_ON = frozenset({"living_street", "residential", "tertiary", "unclassified"})
"""Classes of street that have front doors."""


@cache
def ground() -> tuple[Position, ...]:
    """Every point of a lived-on street that can be reached by car and left again, sorted.

    Raises
    ------
    Unavailable
        The shipped streets are missing.
    """
    streets = RoadTravel(data_path(STREETS)).streets()
    points = {point for street in streets if street.kind in LIVED_ON for point in street.line}
    return tuple(sorted(points, key=lambda point: (point.lat, point.lon)))
