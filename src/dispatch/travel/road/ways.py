"""Streets as OpenStreetMap has them, whichever file they came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

TAGS_READ = frozenset(
    {
        "highway", "oneway", "oneway:bicycle", "cycleway", "junction", "maxspeed", "service",
        "area", "access", "vehicle", "motor_vehicle", "motorcar", "bicycle", "foot",
    }
)  # fmt: skip
"""The keys that decide who may travel on a way, in which direction, and how fast."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way: a line through nodes, with its tags."""

    nodes: tuple[int, ...]
    tags: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Extract:
    """The ways of a region."""

    ways: tuple[Way, ...]
    positions: Mapping[int, tuple[float, float]]
    """Latitude and longitude in degrees of every node that a way names."""


def is_street(tags: Mapping[str, str]) -> bool:
    """A way to travel along; an area has no direction to follow."""
    return "highway" in tags and tags.get("area") != "yes"
