"""The slow obvious twin of the road search: cut the graph at each place, ask networkx."""

from __future__ import annotations

import networkx as nx
import numpy as np
import numpy.typing as npt

from dispatch.travel.ellipsoid import earth_centred

Point = npt.NDArray[np.float64]


def road_seconds(
    graph: nx.DiGraph[int], places: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Fastest seconds (places, places), and metres (places,) from each place to its street.

    ``graph`` as made by ``road_graph``; ``places`` (places, 2) in degrees.
    """
    main = graph.subgraph(max(nx.strongly_connected_components(graph), key=len)).copy()
    cut = main.copy()
    snapped_m = []
    for number, place in enumerate(earth_centred(places)):
        arc, share, metres = nearest(main, place)
        snapped_m.append(metres)
        cut_at(cut, main, arc, share, -1 - number)
    names = [-1 - number for number in range(len(places))]
    rows = [nx.single_source_dijkstra_path_length(cut, name, weight="seconds") for name in names]
    return np.array([[row[name] for name in names] for row in rows]), np.array(snapped_m)


def nearest(graph: nx.DiGraph[int], place: Point) -> tuple[tuple[int, int], float, float]:
    """The nearest segment, how far along it, and the distance, by trying them all."""
    found = []
    for start, stop in graph.edges:
        one, other = point(graph, start), point(graph, stop)
        along = other - one
        share = float(np.clip((place - one) @ along / (along @ along), 0, 1))
        found.append((float(np.linalg.norm(one + share * along - place)), (start, stop), share))
    metres, arc, share = min(found)
    return arc, share, metres


def cut_at(
    cut: nx.DiGraph[int], graph: nx.DiGraph[int], arc: tuple[int, int], share: float, name: int
) -> None:
    """Join a new node to both ends of a segment, and to the nodes that cut it before."""
    for (start, stop), part in ((arc, share), (arc[::-1], 1 - share)):
        if not graph.has_edge(start, stop):
            continue
        seconds = graph.edges[start, stop]["seconds"]
        on_it = cut.graph.setdefault((start, stop), [])
        for other, other_part in [(start, 0.0), *on_it, (stop, 1.0)]:
            if other_part <= part:
                cut.add_edge(other, name, seconds=(part - other_part) * seconds)
            if other_part >= part:
                cut.add_edge(name, other, seconds=(other_part - part) * seconds)
        on_it.append((name, part))


def point(graph: nx.DiGraph[int], node: int) -> Point:
    """A node as a point in space, in metres."""
    return earth_centred(np.array([[graph.nodes[node]["lat"], graph.nodes[node]["lon"]]]))[0]
