"""Travel times from an OSRM server (`osrm-routed`), over its HTTP API, version 1."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

import numpy as np

from dispatch.domain.position import Place, Position
from dispatch.planning.travel_times import Progress, TravelMatrix
from dispatch.travel.access import DEFAULT_ACCESS, AccessLegs
from dispatch.travel.blocks import Block, in_rows, legs_in_blocks, table_in_blocks
from dispatch.travel.bounds import check_count, check_range, known_profile, refuse
from dispatch.travel.ellipsoid import Floats
from dispatch.travel.polyline import decoded
from dispatch.travel.reach import unreachable
from dispatch.travel.server import Server, numbers

PROFILES = {"car": "driving", "bike": "cycling", "walk": "walking"}
"""Our names to those in the address. A server has the data of one profile and takes any name."""


@dataclass(frozen=True, slots=True)
class OsrmTravel:
    """Travel by the map and the speeds of an OSRM server. The hour of departure plays no part.

    Parameters
    ----------
    server
        Where it answers.
    access
        From a place to the street that the server puts it on.
    block
        Places a side in one request; the server's ``--max-table-size`` must allow as many.
    data_version
        Names the server's data. Without it answers are not kept on disk, for nobody could tell
        when the server's data is new.
    """

    server: Server
    access: AccessLegs = field(default=DEFAULT_ACCESS)
    block: int = 100
    data_version: str | None = None

    def __post_init__(self) -> None:
        check_range("block", self.block, 2, 10_000)

    @property
    def name(self) -> str:
        """What it is and by which data."""
        return f"OSRM ({self.server.url})"

    def fingerprint(self) -> str | None:
        """Changes whenever an answer could; ``None`` if that cannot be known."""
        if self.data_version is None:
            return None
        parts = ("osrm 1", self.server.url, self.data_version, self.access)
        return sha256(repr(parts).encode()).hexdigest()

    def matrix(
        self,
        places: Sequence[Place],
        *,
        profile: str = "car",
        departure: datetime | None = None,  # noqa: ARG002  the server knows no hours
        progress: Progress | None = None,
    ) -> TravelMatrix:
        """All pairs; see :meth:`dispatch.planning.travel_times.TravelTimes.matrix`."""
        check_count(places)
        service = f"/table/v1/{known_profile(profile, PROFILES)}"
        snapped_m = np.zeros(len(places))

        def ask(origins: range, destinations: range) -> Block:
            asked = [*origins, *(number for number in destinations if origins != destinations)]
            size = len(origins)

            def read(answer: dict[str, Any]) -> Block:
                snapped_m[list(origins)] = distances(answer["sources"], size)
                shape = (size, len(destinations))
                return numbers(answer["durations"], shape), numbers(answer["distances"], shape)

            params = {"annotations": "duration,distance", "skip_waypoints": "false"}
            if origins != destinations:
                params["sources"] = ";".join(map(str, range(size)))
                params["destinations"] = ";".join(map(str, range(size, len(asked))))
            address = f"{service}/{coordinates([places[number] for number in asked])}"
            return self.server.ask(address, read, params=params)

        if len(places) < 2:  # the server makes no table of one place
            nothing = np.zeros((len(places), len(places)))
            return self.access.around(places, in_rows(nothing, nothing), snapped_m)
        seconds, metres = table_in_blocks(len(places), self.block, ask, progress)
        refuse([*self.access.too_far(places, snapped_m), *unreachable(places, seconds)])
        return self.access.around(places, in_rows(seconds, metres), snapped_m)

    def line(self, places: Sequence[Place], *, profile: str = "car") -> tuple[Position, ...]:
        """Along the streets; see :meth:`dispatch.planning.travel_times.TravelTimes.line`."""
        check_count(places)
        service = f"/route/v1/{known_profile(profile, PROFILES)}"
        params = {"overview": "full", "geometries": "polyline6"}
        points: list[Position] = [place.position for place in places[:1]]
        for stretch in legs_in_blocks(len(places), self.block):
            address = f"{service}/{coordinates([places[number] for number in stretch])}"
            points.extend(self.server.ask(address, route_line, params=params))
        return (*points, *(place.position for place in places[1:][-1:]))


def coordinates(places: Sequence[Place]) -> str:
    """Places as OSRM reads them: ``lon,lat;lon,lat``."""
    return ";".join(f"{place.position.lon:.6f},{place.position.lat:.6f}" for place in places)


def distances(waypoints: list[dict[str, Any]], size: int) -> Floats:
    """How far the server moved each place to a street, in metres."""
    row = numbers([[waypoint["distance"] for waypoint in waypoints]], (1, size))
    return row.ravel()


def route_line(answer: dict[str, Any]) -> tuple[Position, ...]:
    """The line of the first route."""
    return decoded(answer["routes"][0]["geometry"])
