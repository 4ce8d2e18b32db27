"""Travel times from a Valhalla server (`valhalla_service`), over its JSON API."""

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
from dispatch.travel.ellipsoid import Floats, distances_m, earth_centred
from dispatch.travel.polyline import decoded
from dispatch.travel.reach import unreachable
from dispatch.travel.server import Refused, Server, numbers

PROFILES = {"car": "auto", "bike": "bicycle", "walk": "pedestrian"}
"""Our names to Valhalla's costing models."""
UNCONNECTED = {170, 442}
"""The server's numbers for places between which there is no way."""
ROUTE_PLACES = 20
"""The server's own limit on the places of one route."""


@dataclass(frozen=True, slots=True)
class ValhallaTravel:
    """Travel by the map and the speeds of a Valhalla server. The hour of departure plays no part.

    Parameters
    ----------
    server
        Where it answers.
    access
        From a place to the street that the server puts it on.
    block
        Places a side in one request; the server's ``max_matrix_location_pairs`` must allow its
        square.
    """

    server: Server
    access: AccessLegs = field(default=DEFAULT_ACCESS)
    block: int = 50

    def __post_init__(self) -> None:
        check_range("block", self.block, 1, 10_000)

    @property
    def name(self) -> str:
        """What it is and by which data."""
        return f"Valhalla ({self.server.url})"

    def fingerprint(self) -> str:
        """Changes whenever an answer could: with the server's version and its tiles."""

        def read(status: dict[str, Any]) -> str:
            return f"{status['version']} {status['tileset_last_modified']}"

        parts = ("valhalla 1", self.server.url, self.server.ask("/status", read), self.access)
        return sha256(repr(parts).encode()).hexdigest()

    def matrix(
        self,
        places: Sequence[Place],
        *,
        profile: str = "car",
        departure: datetime | None = None,  # noqa: ARG002  tiles without traffic know no hours
        progress: Progress | None = None,
    ) -> TravelMatrix:
        """All pairs; see :meth:`dispatch.planning.travel_times.TravelTimes.matrix`."""
        check_count(places)
        costing = known_profile(profile, PROFILES)
        snapped_m = self._snapped_m(places, costing)
        refuse(self.access.too_far(places, snapped_m))

        def ask(origins: range, destinations: range) -> Block:
            return self._block(places, costing, origins, destinations)

        seconds, metres = table_in_blocks(len(places), self.block, ask, progress)
        np.fill_diagonal(seconds, 0)
        refuse(unreachable(places, seconds))
        return self.access.around(places, in_rows(seconds, metres), snapped_m)

    def line(self, places: Sequence[Place], *, profile: str = "car") -> tuple[Position, ...]:
        """Along the streets; see :meth:`dispatch.planning.travel_times.TravelTimes.line`."""
        check_count(places)
        costing = known_profile(profile, PROFILES)
        points: list[Position] = [place.position for place in places[:1]]
        for stretch in legs_in_blocks(len(places), ROUTE_PLACES):
            body = {
                "locations": locations(places, stretch),
                "costing": costing,
                "directions_type": "none",
            }
            points.extend(self.server.ask("/route", route_line, body=body))
        return (*points, *(place.position for place in places[1:][-1:]))

    def _block(
        self, places: Sequence[Place], costing: str, origins: range, destinations: range
    ) -> Block:
        """One block of the table; NaN where there is no way."""
        shape = (len(origins), len(destinations))
        body = {
            "sources": locations(places, origins),
            "targets": locations(places, destinations),
            "costing": costing,
            "verbose": False,
        }

        def read(answer: dict[str, Any]) -> Block:
            table = answer["sources_to_targets"]
            return numbers(table["durations"], shape), numbers(table["distances"], shape) * 1000

        try:
            return self.server.ask("/sources_to_targets", read, body=body)
        except Refused as refused:
            if refused.error_code not in UNCONNECTED:
                raise
        # One place without a way makes the server refuse the block: find it by halves.
        if shape == (1, 1):
            return np.full(shape, np.nan), np.full(shape, np.nan)
        by_origin = len(origins) >= len(destinations)
        if by_origin:
            parts = [(half, destinations) for half in split(origins)]
        else:
            parts = [(origins, half) for half in split(destinations)]
        halves = [self._block(places, costing, *part) for part in parts]
        seconds, metres = zip(*halves, strict=True)
        axis = 0 if by_origin else 1
        return np.concatenate(seconds, axis=axis), np.concatenate(metres, axis=axis)

    def _snapped_m(self, places: Sequence[Place], costing: str) -> Floats:
        """How far the server moves each place to a street; infinite if it knows none near."""
        snapped_m = np.zeros(len(places))
        for first in range(0, len(places), ROUTE_PLACES):
            part = range(first, min(first + ROUTE_PLACES, len(places)))
            body = {"locations": locations(places, part), "costing": costing, "verbose": False}

            def read(answer: list[dict[str, Any]], part: range = part) -> Floats:
                found = zip(part, answer, strict=True)
                return np.array([candidate_m(places[number], each) for number, each in found])

            snapped_m[list(part)] = self.server.ask("/locate", read, body=body)
        return snapped_m


def locations(places: Sequence[Place], numbers: range) -> list[dict[str, float]]:
    """Some places as Valhalla reads them."""
    positions = (places[number].position for number in numbers)
    return [{"lat": position.lat, "lon": position.lon} for position in positions]


def split(numbers: range) -> tuple[range, range]:
    """Two halves."""
    middle = len(numbers) // 2
    return numbers[:middle], numbers[middle:]


def candidate_m(place: Place, located: dict[str, Any]) -> float:
    """Metres from a place to the farthest point that the server would put it on.

    Where the nearest street leads nowhere, as on an island, the server also takes the nearest one
    that leads on, however far that is, and answers with times from there.
    """
    points = [(edge["correlated_lat"], edge["correlated_lon"]) for edge in located["edges"] or ()]
    if not points:
        return float("inf")
    here = earth_centred(np.array([[place.position.lat, place.position.lon]]))
    return float(distances_m(here, earth_centred(np.array(points))).max())


def route_line(answer: dict[str, Any]) -> tuple[Position, ...]:
    """The line of a route, leg after leg."""
    return tuple(point for leg in answer["trip"]["legs"] for point in decoded(leg["shape"]))
