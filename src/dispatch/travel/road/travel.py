"""Travel on a road graph of OpenStreetMap."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import numpy as np

from dispatch.domain.position import Place, Position
from dispatch.errors import Finding
from dispatch.planning.travel_times import Progress, TravelMatrix
from dispatch.travel.access import DEFAULT_ACCESS, AccessLegs
from dispatch.travel.array_cache import ArrayCache
from dispatch.travel.bounds import check_count, known_profile, refuse
from dispatch.travel.ellipsoid import degrees_of
from dispatch.travel.hours import ALWAYS_THE_SAME, HourlyFactors
from dispatch.travel.road.line import line_through
from dispatch.travel.road.network import RoadNetwork
from dispatch.travel.road.profile import PROFILES
from dispatch.travel.road.read import EDITION, fingerprint, road_network
from dispatch.travel.road.search import fastest, with_places
from dispatch.travel.road.snap import Snapped, Snapper
from dispatch.travel.road.streets import Box, Street, streets_in


@dataclass(slots=True, eq=False)
class RoadTravel:
    """Fastest ways on the streets of a file.

    A place is put on the nearest street of the largest part of the network in which every point
    reaches every other; the metres are those of the fastest way. Turn restrictions and barriers
    are not looked at.

    Parameters
    ----------
    path
        ``.osm.pbf``, ``.osm`` or GeoJSON; read when a profile is first asked for.
    region
        What reports call the data; the file's name if not given.
    access
        From a place to its street.
    hours
        What driving takes longer or shorter at each hour of the day.
    cache
        Where contracted networks are kept.
    """

    path: Path
    region: str = ""
    access: AccessLegs = DEFAULT_ACCESS
    hours: HourlyFactors = ALWAYS_THE_SAME
    cache: ArrayCache | None = None
    _networks: dict[str, tuple[RoadNetwork, Snapper]] = field(default_factory=dict, init=False)

    @property
    def name(self) -> str:
        """What it is and by which data."""
        return f"road graph ({self.region or self.path.name})"

    def fingerprint(self) -> str:
        """Changes whenever an answer could."""
        parts = (EDITION, fingerprint(self.path), PROFILES, self.access, self.hours)
        return sha256(repr(parts).encode()).hexdigest()

    def matrix(
        self,
        places: Sequence[Place],
        *,
        profile: str = "car",
        departure: datetime | None = None,
        progress: Progress | None = None,
    ) -> TravelMatrix:
        """All pairs; see :meth:`dispatch.planning.travel_times.TravelTimes.matrix`.

        Raises
        ------
        InvalidInput
            ``travel.place.too_far``, ``travel.place.island``, ``travel.places.too_many``, and
            what reading the file may find.
        InvalidValue
            ``travel.profile``
        Unavailable
            ``travel.file.missing``, ``travel.file.unreadable``
        """
        check_count(places)
        network, snapped = self._snapped(places, profile)
        arcs = with_places(network, snapped)
        factor = self.hours.at(departure) if profile == "car" else 1.0
        ways = fastest(arcs, network.junctions, len(places), progress)
        at_that_hour = ((factor * seconds, metres) for seconds, metres in ways)
        return self.access.around(places, at_that_hour, snapped.distance_m)

    def line(self, places: Sequence[Place], *, profile: str = "car") -> tuple[Position, ...]:
        """Along the streets; see :meth:`dispatch.planning.travel_times.TravelTimes.line`."""
        if not places:
            return ()
        check_count(places)
        network, snapped = self._snapped(places, profile)
        points = line_through(network, snapped).tolist()
        on_streets = (Position(lat, lon) for lat, lon in points)
        return (places[0].position, *on_streets, places[-1].position)

    def streets(self, box: Box | None = None, *, profile: str = "car") -> Sequence[Street]:
        """The streets that a profile uses, within a box or all of them, to draw a map."""
        network, _ = self._network(profile)
        return tuple(streets_in(network, box))

    def _network(self, profile: str) -> tuple[RoadNetwork, Snapper]:
        if profile not in self._networks:
            network = road_network(self.path, known_profile(profile, PROFILES), self.cache)
            self._networks[profile] = network, Snapper(network)
        return self._networks[profile]

    def _snapped(self, places: Sequence[Place], profile: str) -> tuple[RoadNetwork, Snapped]:
        network, snapper = self._network(profile)
        snapped = snapper.snap(degrees_of(places))
        refuse([*self._islands(places, snapped), *self._too_far(places, snapped)])
        return network, snapped

    def _on_island(self, snapped: Snapped) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Where the nearest street is cut off, and the network too far to be meant instead."""
        stray, distance = snapped.stray_m, snapped.distance_m
        return (
            (stray < distance) & (stray <= self.access.limit_m) & (distance > self.access.island_m)
        )

    def _islands(self, places: Sequence[Place], snapped: Snapped) -> Iterator[Finding]:
        for number in np.flatnonzero(self._on_island(snapped)).tolist():
            values = {"id": places[number].id, "metres": round(snapped.distance_m[number])}
            yield Finding("travel.place.island", values=values)

    def _too_far(self, places: Sequence[Place], snapped: Snapped) -> Iterator[Finding]:
        elsewhere = ~self._on_island(snapped)
        others = [place for place, keep in zip(places, elsewhere, strict=True) if keep]
        yield from self.access.too_far(others, snapped.distance_m[elsewhere])
