"""Streets in GeoJSON (RFC 7946): lines with OpenStreetMap's tags as properties."""

from __future__ import annotations

import gzip
import json
import math
import zlib
from pathlib import Path
from typing import Any, TypeGuard

from dispatch.errors import Finding, Place, Unavailable
from dispatch.travel.bounds import refuse
from dispatch.travel.road.ways import TAGS_READ, Extract, Way, is_street

MAX_BYTES = 1_000_000_000
"""Unpacked; larger regions are better read from ``.osm.pbf``."""
DIGITS = 7
"""OpenStreetMap's own precision in degrees: two lines meet where these digits agree."""


def read_geojson(path: Path) -> Extract:
    """The streets of a ``FeatureCollection``, plain or gzipped.

    Lines meet where they share a coordinate. Points and areas are passed over.

    Raises
    ------
    Unavailable
        ``travel.file.unreadable``: the file cannot be unpacked or is too large.
    InvalidInput
        ``travel.geojson``: no JSON or no collection; ``travel.geojson.line``: each line that
        has no proper coordinates.
    """
    ways: list[Way] = []
    nodes: dict[tuple[float, float], int] = {}
    findings: list[Finding] = []
    for number, feature in enumerate(features(path)):
        match feature:
            case {
                "properties": {"highway": str()} as given,
                "geometry": {"type": str(form), **rest},
            }:
                tags = {key: str(given[key]) for key in TAGS_READ if given.get(key) is not None}
            case _:
                continue
        if form != "LineString" or not is_street(tags):
            continue
        line = rest.get("coordinates")
        if not is_line(line):
            place = Place(file=str(path), pointer=f"/features/{number}/geometry/coordinates")
            findings.append(Finding("travel.geojson.line", place))
            continue
        corners = [(round(lat, DIGITS), round(lon, DIGITS)) for lon, lat, *_ in line]
        ways.append(Way(tuple(nodes.setdefault(each, len(nodes)) for each in corners), tags))
    refuse(findings)
    return Extract(tuple(ways), {number: corner for corner, number in nodes.items()})


def features(path: Path) -> list[Any]:
    """The features of the collection in a file."""
    try:
        content: Any = json.loads(unpacked(path))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        reason = str(error)
    else:
        match content:
            case {"type": "FeatureCollection", "features": list(found)}:
                return found
        reason = "no FeatureCollection"
    refuse([Finding("travel.geojson", Place(file=str(path)), {"reason": reason})])
    return []


def unpacked(path: Path) -> bytes:
    """The bytes of a plain or gzipped file, no more than `MAX_BYTES`."""
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise Unavailable("travel.file.unreadable", file=str(path), reason=str(error)) from error
    if len(content) > MAX_BYTES:
        reason = f"> {MAX_BYTES:,} bytes"
        raise Unavailable("travel.file.unreadable", file=str(path), reason=reason)
    return content


def is_line(line: object) -> TypeGuard[list[list[float]]]:
    """At least two positions, each with a longitude and a latitude on Earth."""
    return isinstance(line, list) and len(line) > 1 and all(map(is_position, line))


def is_position(corner: object) -> bool:
    """A longitude and a latitude, and perhaps a height."""
    if not (isinstance(corner, list) and len(corner) >= 2):
        return False
    lon, lat = corner[:2]
    return all(
        isinstance(value, int | float) and math.isfinite(value) and abs(value) <= limit
        for value, limit in ((lon, 180), (lat, 90))
    )
