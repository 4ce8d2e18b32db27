"""From a graph of segments to junctions and streets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import networkx as nx
import numpy as np

from dispatch.travel.ellipsoid import Floats
from dispatch.travel.road.network import RoadNetwork

Chain = tuple[int, ...]
"""The nodes of one street, from junction to junction."""


def contracted(graph: nx.DiGraph[int]) -> RoadNetwork:
    """The largest strongly connected part of a graph, its chains of bends drawn together.

    Parameters
    ----------
    graph
        As made by :func:`dispatch.travel.road.graph.road_graph`; not empty.
    """
    # The smallest node settles a tie, so that the same file makes the same network.
    main = max(nx.strongly_connected_components(graph), key=lambda part: (len(part), -min(part)))
    part = graph.subgraph(main).copy()
    junctions = {node: number for number, node in enumerate(junction_nodes(part))}
    chains = list(street_chains(part, junctions))
    measured = [measure(part, chain) for chain in chains]
    return RoadNetwork(
        junctions=len(junctions),
        start=np.array([junctions[chain[0]] for chain in chains], dtype=np.int64),
        stop=np.array([junctions[chain[-1]] for chain in chains], dtype=np.int64),
        forwards=np.array([part.has_edge(*chain[:2]) for chain in chains], dtype=np.bool_),
        backwards=np.array([part.has_edge(*chain[1::-1]) for chain in chains], dtype=np.bool_),
        kind=np.array([kind(part, chain) for chain in chains], dtype=np.str_),
        first=np.cumsum([0, *map(len, chains)], dtype=np.int64),
        vertex=positions(part, (node for chain in chains for node in chain)),
        along_m=np.concatenate([np.zeros(0), *(each.along_m for each in measured)]),
        forwards_s=np.concatenate([np.zeros(0), *(each.forwards_s for each in measured)]),
        backwards_s=np.concatenate([np.zeros(0), *(each.backwards_s for each in measured)]),
        stray=stray_points(graph, main),
    )


def junction_nodes(graph: nx.DiGraph[int]) -> list[int]:
    """The nodes where a traveller can choose; in a bare ring, any one."""
    nodes = [node for node in graph if not is_bend(graph, node)]
    return nodes or [min(graph)]


def is_bend(graph: nx.DiGraph[int], node: int) -> bool:
    """Whether the street only passes through: one neighbour on each side, no turning round."""
    before, after = set(graph.pred[node]), set(graph.succ[node])
    if len(before | after) != 2:
        return False
    return before == after or (len(before) == 1 and len(after) == 1)


def street_chains(graph: nx.DiGraph[int], junctions: Iterable[int]) -> Iterator[Chain]:
    """Every street once, also if it may be used both ways."""
    ends = set(junctions)
    for junction in junctions:
        for neighbour in graph.succ[junction]:
            chain = follow(graph, junction, neighbour, ends)
            two_way = graph.has_edge(chain[1], chain[0])
            # A two-way street is found from both ends (a two-way loop from its only end, twice);
            # the one whose nodes come first stands for both.
            if not two_way or chain <= chain[::-1]:
                yield chain


def follow(graph: nx.DiGraph[int], start: int, neighbour: int, ends: set[int]) -> Chain:
    """From a junction through bends to the next junction."""
    chain = [start, neighbour]
    while chain[-1] not in ends:
        (onward,) = (node for node in graph.succ[chain[-1]] if node != chain[-2])
        chain.append(onward)
    return tuple(chain)


@dataclass(frozen=True, slots=True)
class Measured:
    """Sums along a street, one for each vertex; see `RoadNetwork`."""

    along_m: Floats
    forwards_s: Floats
    backwards_s: Floats


def measure(graph: nx.DiGraph[int], chain: Chain) -> Measured:
    """Add up the segments of a street."""
    there = [graph.get_edge_data(*pair) for pair in pairwise(chain)]
    back = [graph.get_edge_data(*pair[::-1]) for pair in pairwise(chain)]
    either = [one or other for one, other in zip(there, back, strict=True)]
    return Measured(
        along_m=np.cumsum([0.0, *(arc["metres"] for arc in either)]),
        forwards_s=np.cumsum([0.0, *(arc["seconds"] if arc else 0.0 for arc in there)]),
        backwards_s=np.cumsum([0.0, *(arc["seconds"] if arc else 0.0 for arc in back)]),
    )


def kind(graph: nx.DiGraph[int], chain: Chain) -> str:
    """The class of highway at the start of a street."""
    arc = graph.get_edge_data(*chain[:2]) or graph.get_edge_data(*chain[1::-1])
    return str(arc["kind"])


def positions(graph: nx.DiGraph[int], nodes: Iterable[int]) -> Floats:
    """Latitude and longitude of nodes, (nodes, 2)."""
    found = [(graph.nodes[node]["lat"], graph.nodes[node]["lon"]) for node in nodes]
    return np.array(found, dtype=np.float64).reshape(-1, 2)


def stray_points(graph: nx.DiGraph[int], main: set[int]) -> Floats:
    """Both ends and the middle of each segment outside the main part, (points, 2)."""
    arcs = [arc for arc in graph.edges if not main.issuperset(arc)]
    starts = positions(graph, (arc[0] for arc in arcs))
    stops = positions(graph, (arc[1] for arc in arcs))
    return np.unique(np.concatenate([starts, (starts + stops) / 2, stops]), axis=0)
