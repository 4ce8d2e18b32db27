"""From ways to a directed graph of street segments."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TypedDict

import networkx as nx
import numpy as np

from dispatch.travel.ellipsoid import earth_centred
from dispatch.travel.road.profile import Profile
from dispatch.travel.road.rules import directions, is_allowed, speed_kmh
from dispatch.travel.road.ways import Extract, Way


class Arc(TypedDict):
    """What the graph knows of a segment in one direction."""

    metres: float
    seconds: float
    kind: str
    """OpenStreetMap's class of highway."""


def road_graph(extract: Extract, profile: Profile) -> nx.DiGraph[int]:
    """The segments a profile may travel along, from node to node.

    Nodes have ``lat`` and ``lon`` in degrees, arcs what `Arc` says. Where two ways join the same
    two nodes the faster one counts.
    """
    points = points_in_space(extract)
    graph: nx.DiGraph[int] = nx.DiGraph()
    for way in extract.ways:
        if is_allowed(way.tags, profile):
            add_way(graph, way, profile, points)
    for node in graph:
        lat, lon = extract.positions[node]
        graph.nodes[node].update(lat=lat, lon=lon)
    return graph


def add_way(
    graph: nx.DiGraph[int], way: Way, profile: Profile, points: dict[int, list[float]]
) -> None:
    """Add the segments of one way in the directions that it allows."""
    forwards, backwards = directions(way.tags, profile)
    metres_per_second = speed_kmh(way.tags, profile) / 3.6
    for start, stop in pairwise(way.nodes):
        if start == stop:
            continue
        metres = math.dist(points[start], points[stop])
        arc = Arc(metres=metres, seconds=metres / metres_per_second, kind=way.tags["highway"])
        if forwards:
            add_arc(graph, start, stop, arc)
        if backwards:
            add_arc(graph, stop, start, arc)


def add_arc(graph: nx.DiGraph[int], start: int, stop: int, arc: Arc) -> None:
    """Add a segment, unless a faster one is there."""
    if not graph.has_edge(start, stop) or arc["seconds"] < graph.edges[start, stop]["seconds"]:
        graph.add_edge(start, stop, **arc)


def points_in_space(extract: Extract) -> dict[int, list[float]]:
    """Each node as a point in metres; between neighbours the chord is the length of the street."""
    degrees = np.array(list(extract.positions.values()), dtype=np.float64).reshape(-1, 2)
    return dict(zip(extract.positions, earth_centred(degrees).tolist(), strict=True))
