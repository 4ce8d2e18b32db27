"""Small street networks for the tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import osmium

from dispatch.domain.position import Place, Position
from dispatch.travel.road.ways import Extract, Way

METRE = 1 / 111_000
"""In degrees of latitude, roughly; near the equator of longitude too."""


def place(id_: str, north_m: float, east_m: float) -> Place:
    """A place by metres from the null point, where a degree of longitude is as long as one of
    latitude."""
    return Place(id_, Position(north_m * METRE, east_m * METRE))


def town(
    corners: Mapping[int, tuple[float, float]], ways: Sequence[tuple[Sequence[int], dict[str, str]]]
) -> Extract:
    """Streets between corners given in metres north and east of the null point."""
    return Extract(
        ways=tuple(Way(tuple(nodes), {"highway": "residential", **tags}) for nodes, tags in ways),
        positions={node: (north * METRE, east * METRE) for node, (north, east) in corners.items()},
    )


def write_osm(path: Path, extract: Extract) -> Path:
    """Streets as OpenStreetMap's own file, nodes from number 1."""
    with osmium.SimpleWriter(str(path)) as writer:
        for node, (lat, lon) in sorted(extract.positions.items()):
            writer.add_node(osmium.osm.mutable.Node(id=node + 1, version=1, location=(lon, lat)))
        for number, way in enumerate(extract.ways, start=1):
            nodes = [node + 1 for node in way.nodes]
            writer.add_way(
                osmium.osm.mutable.Way(id=number, version=1, nodes=nodes, tags=dict(way.tags))
            )
    return path


SQUARE = town(
    {1: (0, 0), 2: (0, 1000), 3: (1000, 1000), 4: (1000, 0), 8: (5000, 5000), 9: (5000, 5300)},
    [([1, 2, 3, 4, 1], {}), ([1, 3], {"highway": "footway"}), ([8, 9], {})],
)
"""A square of a kilometre, a footway across it, and a street far away."""
