"""Putting places on the nearest street."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from dispatch.travel.ellipsoid import Floats, earth_centred
from dispatch.travel.road.network import Ints, RoadNetwork

PIECE_M = 60.0
"""Segments are cut into pieces no longer than this, whose middles stand in the tree."""


@dataclass(frozen=True, slots=True, eq=False)
class Snapped:
    """Points on streets, one for each place."""

    street: Ints
    """(places,)"""
    along_m: Floats
    """(places,) metres from the street's start."""
    forwards_s: Floats
    """(places,) seconds from the street's start to the point."""
    backwards_s: Floats
    """(places,) seconds from the point to the street's start."""
    degrees: Floats
    """(places, 2) latitude, longitude of the point."""
    distance_m: Floats
    """(places,) from the place to the point."""
    stray_m: Floats
    """(places,) from the place to the nearest street that is cut off; infinite if none is."""


class Snapper:
    """Finds the nearest point on any street of a network, exactly.

    The middle of some piece of the nearest segment is within ``d + PIECE_M / 2`` of the place if
    the segment is within ``d``; so the segments of all such pieces are measured.
    """

    def __init__(self, network: RoadNetwork) -> None:
        self._network = network
        self._points = earth_centred(network.vertex)
        is_last = np.zeros(len(network.vertex), dtype=np.bool_)
        is_last[network.first[1:] - 1] = True
        self._starts = np.flatnonzero(~is_last)
        """(segments,) the vertex where each segment starts; it stops at the next one."""
        self._segment, middles = pieces(self._points[self._starts], self._points[self._starts + 1])
        self._tree = cKDTree(middles)
        self._stray = cKDTree(earth_centred(network.stray)) if len(network.stray) else None

    def snap(self, degrees: Floats) -> Snapped:
        """The nearest point on a street for each position, (places, 2) in degrees."""
        places = earth_centred(degrees)
        place, vertex = self._candidates(places)
        start, stop = self._points[vertex], self._points[vertex + 1]
        share = share_along(places[place], start, stop)
        apart_m = np.linalg.norm(start + share[:, None] * (stop - start) - places[place], axis=1)
        # Sorted by place and then distance, each place's first candidate is its nearest.
        order = np.lexsort((vertex, apart_m, place))
        nearest = order[np.searchsorted(place[order], np.arange(len(places)))]
        return self._snapped(vertex[nearest], share[nearest], apart_m[nearest], places)

    def _candidates(self, places: Floats) -> tuple[Ints, Ints]:
        """Pairs of a place and the start vertex of a segment that may be its nearest."""
        close, _ = self._tree.query(places)
        found = self._tree.query_ball_point(places, np.asarray(close) + PIECE_M / 2 + 0.001)
        place = np.repeat(np.arange(len(places)), [len(each) for each in found])
        piece = np.concatenate([np.zeros(0, dtype=np.int64), *map(np.asarray, found)])
        pairs = np.unique(np.column_stack((place, self._segment[piece.astype(np.int64)])), axis=0)
        return pairs[:, 0], self._starts[pairs[:, 1]]

    def _snapped(self, vertex: Ints, share: Floats, distance_m: Floats, places: Floats) -> Snapped:
        def between(values: Floats) -> Floats:
            weight = share.reshape(-1, *[1] * (values.ndim - 1))
            return values[vertex] * (1 - weight) + values[vertex + 1] * weight

        network = self._network
        return Snapped(
            street=np.searchsorted(network.first, vertex, side="right") - 1,
            along_m=between(network.along_m),
            forwards_s=between(network.forwards_s),
            backwards_s=between(network.backwards_s),
            degrees=between(network.vertex),
            distance_m=distance_m,
            stray_m=np.asarray(self._stray.query(places)[0])
            if self._stray
            else np.full(len(places), np.inf),
        )


def pieces(starts: Floats, stops: Floats) -> tuple[Ints, Floats]:
    """Cut segments into pieces: the segment (pieces,) and the middle (pieces, 3) of each."""
    lengths = np.linalg.norm(stops - starts, axis=1)
    counts = np.maximum(1, np.ceil(lengths / PIECE_M)).astype(np.int64)
    segment = np.repeat(np.arange(len(starts)), counts)
    within = np.arange(len(segment)) - np.repeat(np.cumsum(counts) - counts, counts)
    share = ((within + 0.5) / counts[segment])[:, None]
    return segment, starts[segment] * (1 - share) + stops[segment] * share


def share_along(points: Floats, starts: Floats, stops: Floats) -> Floats:
    """How far along each segment the nearest point to each point lies, 0 to 1, (points,)."""
    along = stops - starts
    squared = np.einsum("ij,ij->i", along, along)
    dot = np.einsum("ij,ij->i", points - starts, along)
    share: Floats = np.divide(dot, squared, out=np.zeros_like(dot), where=squared > 0)
    return np.clip(share, 0, 1)
