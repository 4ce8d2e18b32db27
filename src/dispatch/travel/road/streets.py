"""The network as lines, for a map."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dispatch.domain.position import Position
from dispatch.travel.road.network import RoadNetwork


@dataclass(frozen=True, slots=True)
class Street:
    """A street from junction to junction."""

    kind: str
    """OpenStreetMap's class of highway: ``residential``."""
    line: tuple[Position, ...]


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the map between two corners."""

    south_west: Position
    north_east: Position


def streets_in(network: RoadNetwork, box: Box | None) -> Iterator[Street]:
    """The streets of a network whose own box touches ``box``; all of them without one."""
    for number, kind in enumerate(network.kind.tolist()):
        line = network.vertex[network.first[number] : network.first[number + 1]]
        if box is None or touches(line.min(axis=0).tolist(), line.max(axis=0).tolist(), box):
            yield Street(kind, tuple(Position(lat, lon) for lat, lon in line.tolist()))


def touches(low: list[float], high: list[float], box: Box) -> bool:
    """Whether two boxes have a point in common."""
    return (
        low[0] <= box.north_east.lat
        and low[1] <= box.north_east.lon
        and high[0] >= box.south_west.lat
        and high[1] >= box.south_west.lon
    )
