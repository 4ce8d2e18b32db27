"""From degrees to flat metres."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dispatch.domain.position import Position

EARTH_RADIUS_M = 6_378_137.0
"""Semi-major axis of WGS 84 (EPSG:4326), the sphere of web maps (EPSG:3857)."""
STEEPEST_LAT = 85.0
"""Web maps end here; what lies beyond is drawn on the edge."""


@dataclass(frozen=True, slots=True)
class Projection:
    """Web Mercator around a centre, scaled so that a metre is a metre there. y points south."""

    centre: Position

    def flat(self, points: Sequence[Position]) -> npt.NDArray[np.float64]:
        """(points, 2): metres east and south of the centre."""
        degrees = np.array([(point.lat, point.lon) for point in points], dtype=np.float64)
        degrees = degrees.reshape(len(points), 2)
        east = np.radians((degrees[:, 1] - self.centre.lon + 180) % 360 - 180)
        south = self._mercator(np.array([self.centre.lat])) - self._mercator(degrees[:, 0])
        return np.column_stack((east, south)) * (EARTH_RADIUS_M * self.shrink)

    @property
    def shrink(self) -> float:
        """How many metres at the centre are one metre of Web Mercator."""
        return math.cos(math.radians(_bounded(self.centre.lat)))

    @staticmethod
    def _mercator(latitudes: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        bounded = np.radians(np.clip(latitudes, -STEEPEST_LAT, STEEPEST_LAT))
        return np.log(np.tan(np.pi / 4 + bounded / 2))


def centred(points: Sequence[Position]) -> Projection:
    """The projection around the middle of ``points``; around 0, 0 without any."""
    if not points:
        return Projection(Position(0.0, 0.0))
    lats = [point.lat for point in points]
    lons = [point.lon for point in points]
    return Projection(Position((min(lats) + max(lats)) / 2, (min(lons) + max(lons)) / 2))


def _bounded(lat: float) -> float:
    return max(-STEEPEST_LAT, min(STEEPEST_LAT, lat))
