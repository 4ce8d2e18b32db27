"""Where on Earth."""

from __future__ import annotations

import math
from dataclasses import dataclass

from dispatch.errors import InvalidValue


@dataclass(frozen=True, slots=True)
class Position:
    """A point in WGS-84 degrees."""

    lat: float
    lon: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.lat) and -90 <= self.lat <= 90):
            raise InvalidValue("position.latitude", value=self.lat)
        if not (math.isfinite(self.lon) and -180 <= self.lon <= 180):
            raise InvalidValue("position.longitude", value=self.lon)


@dataclass(frozen=True, slots=True)
class Place:
    """A named position: a site, an outlet, a technician's home."""

    id: str
    position: Position
