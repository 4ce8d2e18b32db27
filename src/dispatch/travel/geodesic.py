"""Straight lines, made longer by a detour factor: travel times without any map data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import combinations

import numpy as np
from geopy.distance import geodesic

from dispatch.domain.position import Place, Position
from dispatch.planning.travel_times import Progress, TravelMatrix
from dispatch.travel.access import whole
from dispatch.travel.blocks import ROWS
from dispatch.travel.bounds import check_count, check_range, known_profile
from dispatch.travel.ellipsoid import Floats, degrees_of, distances_m, earth_centred
from dispatch.travel.hours import RUSH_HOURS, HourlyFactors

EXACT_PLACES = 50
"""Up to here each pair is measured exactly, at 0.15 ms a pair; beyond, by arrays to 0.01 %."""


@dataclass(frozen=True, slots=True)
class GeodesicParameters:
    """How straight lines become travel.

    Parameters
    ----------
    detour
        Road metres for a straight metre, 1 to 5. National averages lie between 1.2 and 2.1, most
        near 1.3: Ballou, Rahardja, Sakai, *Selected country circuity factors for road travel
        distance estimation*, Transportation Research A 36, 2002.
    car_kmh, bike_kmh, walk_kmh
        Average speed from door to door in an average hour, 1 to 200.
    hours
        What driving takes longer or shorter at each hour of the day.
    """

    detour: float = 1.3
    car_kmh: float = 36.0
    bike_kmh: float = 15.0
    walk_kmh: float = 4.8
    hours: HourlyFactors = RUSH_HOURS

    def __post_init__(self) -> None:
        check_range("detour", self.detour, 1, 5)
        for name in ("car_kmh", "bike_kmh", "walk_kmh"):
            check_range(name, getattr(self, name), 1, 200)

    def metres_per_second(self, profile: str, departure: datetime | None) -> float:
        """The speed over the ground for a profile and departure."""
        speeds = {"car": self.car_kmh, "bike": self.bike_kmh, "walk": self.walk_kmh}
        kmh = known_profile(profile, speeds)
        return kmh / 3.6 / (self.hours.at(departure) if profile == "car" else 1.0)


@dataclass(frozen=True, slots=True)
class GeodesicTravel:
    """Travel along geodesics of the WGS-84 ellipsoid, times a detour factor."""

    parameters: GeodesicParameters = GeodesicParameters()

    @property
    def name(self) -> str:
        """What it is and by which data."""
        return f"straight lines (detour {self.parameters.detour:g})"

    def fingerprint(self) -> str:
        """Changes whenever an answer could."""
        return sha256(f"geodesic 1 {self.parameters!r}".encode()).hexdigest()

    def matrix(
        self,
        places: Sequence[Place],
        *,
        profile: str = "car",
        departure: datetime | None = None,
        progress: Progress | None = None,
    ) -> TravelMatrix:
        """All pairs; see :meth:`dispatch.planning.travel_times.TravelTimes.matrix`."""
        check_count(places)
        speed = self.parameters.metres_per_second(profile, departure)
        size = len(places)
        seconds, metres = (np.zeros((size, size), dtype=np.int32) for _ in range(2))
        first = 0
        for straight in (exact_m if size <= EXACT_PLACES else vectorised_m)(places, progress):
            rows = slice(first, first + len(straight))
            on_road = straight * self.parameters.detour
            seconds[rows], metres[rows] = whole(on_road / speed), whole(on_road)
            first = rows.stop
        return TravelMatrix(seconds, metres, snapped_m=np.zeros(size, dtype=np.int32))

    def line(self, places: Sequence[Place], *, profile: str = "car") -> tuple[Position, ...]:
        """From place to place; see :meth:`dispatch.planning.travel_times.TravelTimes.line`."""
        self.parameters.metres_per_second(profile, None)
        return tuple(place.position for place in places)


def exact_m(places: Sequence[Place], progress: Progress | None = None) -> Iterator[Floats]:
    """Geodesic metres by Karney's algorithm, pair by pair; all rows, (places, places), at once."""
    points = [(place.position.lat, place.position.lon) for place in places]
    metres = np.zeros((len(points), len(points)))
    for origin, destination in combinations(range(len(points)), 2):
        between = geodesic(points[origin], points[destination]).meters
        metres[origin, destination] = metres[destination, origin] = between
    if progress:
        progress(1.0)
    yield metres


def vectorised_m(places: Sequence[Place], progress: Progress | None = None) -> Iterator[Floats]:
    """Geodesic metres to 0.01 % up to 1,000 km, (some, places) rows at a time."""
    points = earth_centred(degrees_of(places))
    for first in range(0, len(points), ROWS):
        yield distances_m(points[first : first + ROWS], points)
        if progress:
            progress(min(1.0, (first + ROWS) / len(points)))
