"""Positions as Chinese maps have them (GCJ-02), to positions as the rest of the world has them.

GCJ-02 shifts WGS-84 by some hundred metres within mainland China. How is not published; the formula
that everybody uses was found from outside, and agrees with the maps to a metre or two
(https://en.wikipedia.org/wiki/Restrictions_on_geographic_data_in_China, section GCJ-02).
"""

from __future__ import annotations

from math import cos, pi, sin, sqrt

from dispatch.domain.position import Position

SOUTH, NORTH, WEST, EAST = 0.8293, 55.8271, 72.004, 137.8347
"""Outside of these degrees nothing is shifted."""
AXIS_M = 6_378_245.0
ECCENTRICITY = 0.006_693_421_622_965_943
"""Squared; of the ellipsoid of Krasovsky, 1940."""
ROUNDS = 4
"""Each makes what is left of the error a thousand times smaller."""


def from_gcj02(lat: float, lon: float) -> Position:
    """The WGS-84 position of a GCJ-02 one: that which would be shifted to it."""
    found = Position(lat, lon)
    if not (SOUTH <= lat <= NORTH and WEST <= lon <= EAST):
        return found
    for _ in range(ROUNDS):
        shifted = to_gcj02(found)
        found = Position(found.lat + lat - shifted[0], found.lon + lon - shifted[1])
    return found


def to_gcj02(position: Position) -> tuple[float, float]:
    """Latitude and longitude in GCJ-02 degrees."""
    lat, lon = position.lat, position.lon
    if not (SOUTH <= lat <= NORTH and WEST <= lon <= EAST):
        return lat, lon
    x, y = lon - 105.0, lat - 35.0
    wave = 20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    north += (wave + 20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi)) * 2.0 / 3.0
    north += (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y * pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    east += (wave + 20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi)) * 2.0 / 3.0
    east += (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0
    angle = lat / 180.0 * pi
    bulge = 1.0 - ECCENTRICITY * sin(angle) ** 2
    along = AXIS_M * (1.0 - ECCENTRICITY) / (bulge * sqrt(bulge)) * pi
    across = AXIS_M / sqrt(bulge) * cos(angle) * pi
    return lat + north * 180.0 / along, lon + east * 180.0 / across
