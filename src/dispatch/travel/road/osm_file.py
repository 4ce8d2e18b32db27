"""OpenStreetMap's own files: ``.osm.pbf``, ``.osm``, and their packed forms."""

from __future__ import annotations

from pathlib import Path

from osmium import FileProcessor, osm
from osmium.filter import KeyFilter

from dispatch.errors import Unavailable
from dispatch.travel.road.ways import TAGS_READ, Extract, Way, is_street


def read_osm(path: Path) -> Extract:
    """The streets of a file.

    At the edge of an extract a way may name nodes that the extract lacks; the way is kept where
    its nodes are known.

    Raises
    ------
    Unavailable
        ``travel.file.unreadable``: this is no OpenStreetMap file, or it is damaged.
    """
    ways: list[Way] = []
    positions: dict[int, tuple[float, float]] = {}
    try:
        file = FileProcessor(str(path)).with_locations()
        for way in file.with_filter(KeyFilter("highway")):
            if not isinstance(way, osm.Way):
                continue
            tags = {tag.k: tag.v for tag in way.tags if tag.k in TAGS_READ}
            if not is_street(tags):
                continue
            ways.extend(Way(stretch, tags) for stretch in known_stretches(way, positions))
    except (RuntimeError, OSError) as error:
        raise Unavailable("travel.file.unreadable", file=str(path), reason=str(error)) from error
    return Extract(tuple(ways), positions)


def known_stretches(
    way: osm.Way, positions: dict[int, tuple[float, float]]
) -> list[tuple[int, ...]]:
    """The unbroken stretches of a way whose nodes have a position; notes the positions."""
    stretches: list[list[int]] = [[]]
    for node in way.nodes:
        if node.location.valid():
            positions[node.ref] = (node.location.lat, node.location.lon)
            stretches[-1].append(node.ref)
        elif stretches[-1]:
            stretches.append([])
    return [tuple(stretch) for stretch in stretches if len(stretch) > 1]
