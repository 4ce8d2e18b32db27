"""Fastest ways between points on streets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from dispatch.planning.travel_times import Progress
from dispatch.travel.blocks import Block
from dispatch.travel.ellipsoid import Floats
from dispatch.travel.road.network import Bools, Ints, RoadNetwork
from dispatch.travel.road.snap import Snapped

BLOCK_VALUES = 4_000_000
"""Distances held at a time, 32 MB."""
BLOCK_ORIGINS = 50
"""Origins between two reports of progress."""

TICKS_PER_SECOND = 100
STEPS_PER_METRE = 10
STEPS_LIMIT = 2.0**26
"""Dijkstra adds one number per arc, but we want the metres along the *fastest* way too. So each
weight carries both: ticks x 2**26 + steps. The comparison is by time first; the sums are whole
numbers below 2**53, which float64 adds exactly: up to 15 days and 6,700 km."""


@dataclass(frozen=True, slots=True, eq=False)
class Arcs:
    """Directed pieces of street between nodes: the junctions first, then the places."""

    tail: Ints
    head: Ints
    weight: Floats
    street: Ints
    from_m: Floats
    """Metres from the street's start where the arc begins."""
    to_m: Floats
    """Metres from the street's start where the arc ends."""

    @property
    def is_standing(self) -> Bools:
        """Arcs between places at one point: nobody drives round the block for those."""
        return np.abs(self.to_m - self.from_m) * STEPS_PER_METRE < 0.5

    def quickest(self) -> Arcs:
        """Only the quickest arc between any two nodes, sorted by tail and head."""
        order = np.lexsort((self.weight, self.head, self.tail))
        tail, head = self.tail[order], self.head[order]
        is_new = np.ones(len(order), dtype=np.bool_)
        is_new[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
        return self.where(order[is_new])

    def where(self, kept: Ints | Bools) -> Arcs:
        """The arcs at these numbers, or where a mask is true."""
        return Arcs(*(getattr(self, field.name)[kept] for field in fields(self)))


def weights(seconds: Floats, metres: Floats) -> Floats:
    """Time and length in one number; see `STEPS_LIMIT`."""
    ticks = np.maximum(0, np.rint(seconds * TICKS_PER_SECOND))
    # Never 0: to scipy's sparse graphs a weight of 0 is at times no arc at all.
    steps = np.maximum(1, np.rint(metres * STEPS_PER_METRE))
    return ticks * STEPS_LIMIT + steps


def seconds_and_metres(weight: Floats) -> tuple[Floats, Floats]:
    """Both parts of a sum of `weights`."""
    ticks = np.floor(weight / STEPS_LIMIT)
    return ticks / TICKS_PER_SECOND, (weight - ticks * STEPS_LIMIT) / STEPS_PER_METRE


def with_places(network: RoadNetwork, snapped: Snapped) -> Arcs:
    """The network's streets, cut where places are: node ``junctions + p`` is place ``p``."""
    marks = marks_along(network, snapped)
    same_street = marks.street[:-1] == marks.street[1:]
    here = np.flatnonzero(same_street)
    there = marks.arcs(here, here + 1, marks.forwards_s)
    back = marks.arcs(here + 1, here, -marks.backwards_s)
    return joined(
        there.where(network.forwards[there.street] | there.is_standing),
        back.where(network.backwards[back.street] | back.is_standing),
    ).quickest()


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """Where streets are cut: at their start, at each place on them, at their stop; in order."""

    street: Ints
    node: Ints
    along_m: Floats
    forwards_s: Floats
    backwards_s: Floats

    def arcs(self, tail: Ints, head: Ints, clock_s: Floats) -> Arcs:
        """Arcs between pairs of marks, which take as long as the clock goes on between them."""
        from_m, to_m = self.along_m[tail], self.along_m[head]
        weight = weights(clock_s[head] - clock_s[tail], np.abs(to_m - from_m))
        return Arcs(self.node[tail], self.node[head], weight, self.street[tail], from_m, to_m)


def marks_along(network: RoadNetwork, snapped: Snapped) -> Marks:
    """All marks, sorted by street, and on each street from start to stop."""
    streets, places = np.arange(len(network.start)), np.arange(len(snapped.street))
    starts, stops = network.first[:-1], network.first[1:] - 1

    def along(at_vertex: Floats, at_place: Floats) -> Floats:
        return np.concatenate([at_vertex[starts], at_place, at_vertex[stops]])

    marks = Marks(
        street=np.concatenate([streets, snapped.street, streets]),
        node=np.concatenate([network.start, network.junctions + places, network.stop]),
        along_m=along(network.along_m, snapped.along_m),
        forwards_s=along(network.forwards_s, snapped.forwards_s),
        backwards_s=along(network.backwards_s, snapped.backwards_s),
    )
    rank = np.repeat([0, 1, 2], [len(streets), len(places), len(streets)])
    order = np.lexsort((marks.along_m, rank, marks.street))
    return Marks(*(getattr(marks, field.name)[order] for field in fields(Marks)))


def joined(one: Arcs, other: Arcs) -> Arcs:
    """All arcs of both."""
    names = [field.name for field in fields(Arcs)]
    return Arcs(*(np.concatenate([getattr(one, name), getattr(other, name)]) for name in names))


def fastest(
    arcs: Arcs, junctions: int, places: int, progress: Progress | None = None
) -> Iterator[Block]:
    """Seconds and metres of the fastest way from some places to all, in blocks of whole rows."""
    nodes = junctions + places
    graph = as_csr(arcs, nodes)
    block = max(1, min(BLOCK_ORIGINS, BLOCK_VALUES // nodes))
    for first in range(0, places, block):
        origins = np.arange(first, min(first + block, places))
        weight = dijkstra(graph, indices=junctions + origins)
        yield seconds_and_metres(weight[:, junctions:])
        if progress:
            progress(min(1.0, (first + block) / places))


def as_csr(arcs: Arcs, nodes: int) -> csr_array:
    """The weights as a sparse matrix (nodes, nodes); ``arcs`` as `Arcs.quickest` returns them."""
    starts = np.searchsorted(arcs.tail, np.arange(nodes + 1))
    return csr_array((arcs.weight, arcs.head, starts), shape=(nodes, nodes))
