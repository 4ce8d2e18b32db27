"""The last metres: from a place to the network it was put on, and back."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dispatch.domain.position import Place
from dispatch.errors import Finding
from dispatch.planning.travel_times import TravelMatrix
from dispatch.travel.blocks import Block
from dispatch.travel.bounds import check_range
from dispatch.travel.ellipsoid import Floats, degrees_of, distances_m, earth_centred


@dataclass(frozen=True, slots=True)
class AccessLegs:
    """How a place reaches the network.

    Parameters
    ----------
    limit_m
        A place farther from the network than this is refused; 0 to 50,000 metres.
    island_m
        A place whose nearest street is cut off from the rest may use the rest instead, if it is
        no farther than this; 0 to 50,000 metres.
    speed_kmh
        Speed between the place and the network, 1 to 50.
    """

    limit_m: float = 2000.0
    island_m: float = 250.0
    speed_kmh: float = 5.0

    def __post_init__(self) -> None:
        check_range("limit_m", self.limit_m, 0, 50_000)
        check_range("island_m", self.island_m, 0, 50_000)
        check_range("speed_kmh", self.speed_kmh, 1, 50)

    def too_far(self, places: Sequence[Place], snapped_m: Floats) -> Iterator[Finding]:
        """A finding for each place that is farther from the network than the limit.

        ``snapped_m`` (places,) is infinite where no street is near at all.
        """
        for place, metres in zip(places, snapped_m.tolist(), strict=True):
            if math.isinf(metres):
                yield Finding("travel.place.unreachable", values={"id": place.id})
            elif metres > self.limit_m:
                values = {"id": place.id, "metres": round(metres), "limit_m": round(self.limit_m)}
                yield Finding("travel.place.too_far", values=values)

    def around(
        self, places: Sequence[Place], blocks: Iterable[Block], snapped_m: Floats
    ) -> TravelMatrix:
        """The matrix from door to door.

        Parameters
        ----------
        places
            The places.
        blocks
            Row after row, between the points on the network.
        snapped_m
            (places,), from each place to its point.
        """
        points = earth_centred(degrees_of(places))
        size = len(places)
        seconds, metres = (np.zeros((size, size), dtype=np.int32) for _ in range(2))
        first = 0
        for on_network in blocks:
            rows = slice(first, first + len(on_network[0]))
            access_m = np.add.outer(snapped_m[rows], snapped_m)
            direct_m = distances_m(points[rows], points)
            by_door = self._by_door(on_network, access_m, direct_m)
            seconds[rows], metres[rows] = map(whole, by_door)
            first = rows.stop
        np.fill_diagonal(seconds, 0)
        np.fill_diagonal(metres, 0)
        return TravelMatrix(seconds, metres, whole(snapped_m))

    def _by_door(self, on_network: Block, access_m: Floats, direct_m: Floats) -> Block:
        metres_per_second = self.speed_kmh / 3.6
        seconds = on_network[0] + access_m / metres_per_second
        metres = on_network[1] + access_m
        # Nobody walks out to the road and back to reach the house next door.
        next_door = (direct_m <= access_m) & (direct_m / metres_per_second < seconds)
        seconds[next_door] = direct_m[next_door] / metres_per_second
        metres[next_door] = direct_m[next_door]
        return seconds, metres


DEFAULT_ACCESS = AccessLegs()
LONGEST = 2**31 - 1


def whole(values: Floats) -> npt.NDArray[np.int32]:
    """Rounded to whole numbers, halves to even; what is too long for any day stays too long."""
    return np.minimum(np.rint(values), LONGEST).astype(np.int32)
