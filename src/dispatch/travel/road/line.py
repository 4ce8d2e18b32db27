"""The way between places, as it is drawn on a map."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from scipy.sparse.csgraph import dijkstra

from dispatch.travel.ellipsoid import Floats
from dispatch.travel.road.network import RoadNetwork
from dispatch.travel.road.search import Arcs, as_csr, with_places
from dispatch.travel.road.snap import Snapped


def line_through(network: RoadNetwork, snapped: Snapped) -> Floats:
    """The fastest way through snapped places in their order, (points, 2): latitude, longitude."""
    arcs = with_places(network, snapped)
    places = len(snapped.street)
    graph = as_csr(arcs, network.junctions + places)
    legs = [snapped.degrees[:1]]
    for origin, destination in pairwise(range(network.junctions, network.junctions + places)):
        _, before = dijkstra(graph, indices=[origin], return_predecessors=True)
        path = unfolded(before[0].tolist(), origin, destination)
        legs.extend(arc_points(network, arcs, number) for number in arc_numbers(arcs, path))
    return without_repeats(np.concatenate(legs))


def unfolded(before: list[int], origin: int, destination: int) -> list[int]:
    """The nodes from origin to destination, out of Dijkstra's predecessors."""
    path = [destination]
    while path[-1] != origin:
        path.append(before[path[-1]])
    return path[::-1]


def arc_numbers(arcs: Arcs, path: list[int]) -> list[int]:
    """The arcs between the nodes of a path; ``arcs`` as `Arcs.quickest` returns them."""
    numbers = []
    for tail, head in pairwise(path):
        first, past = np.searchsorted(arcs.tail, [tail, tail + 1])
        numbers.append(int(first + np.searchsorted(arcs.head[first:past], head)))
    return numbers


def arc_points(network: RoadNetwork, arcs: Arcs, number: int) -> Floats:
    """The points along one arc in its direction, (points, 2), its ends included."""
    street = arcs.street[number]
    on_street = slice(network.first[street], network.first[street + 1])
    along, vertices = network.along_m[on_street], network.vertex[on_street]
    low, high = sorted((arcs.from_m[number], arcs.to_m[number]))
    ends = np.column_stack([np.interp((low, high), along, column) for column in vertices.T])
    bends = vertices[(along > low) & (along < high)]
    points = np.concatenate([ends[:1], bends, ends[1:]])
    return points if arcs.from_m[number] <= arcs.to_m[number] else points[::-1]


def without_repeats(points: Floats) -> Floats:
    """The points, without those that repeat the one before."""
    moves = np.ones(len(points), dtype=np.bool_)
    moves[1:] = np.any(points[1:] != points[:-1], axis=1)
    return points[moves]
