"""From a file of streets to a road network, read once and kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from hashlib import file_digest, sha256
from pathlib import Path

import numpy as np

from dispatch.errors import Finding, InvalidInput, Place, Unavailable
from dispatch.travel.array_cache import ArrayCache
from dispatch.travel.bounds import refuse
from dispatch.travel.ellipsoid import earth_centred
from dispatch.travel.road.contract import contracted
from dispatch.travel.road.geojson_file import read_geojson
from dispatch.travel.road.graph import road_graph
from dispatch.travel.road.network import RoadNetwork
from dispatch.travel.road.osm_file import read_osm
from dispatch.travel.road.profile import Profile
from dispatch.travel.road.ways import Extract

EDITION = 1
"""Raised when the same file would make another network; what was kept before is then left aside."""
MAX_ACROSS_M = 3_000_000
"""Well under the sums that `dispatch.travel.road.search` can hold, also with detours."""
GEOJSON = (".geojson", ".json", ".geojson.gz", ".json.gz")


def road_network(path: Path, profile: Profile, cache: ArrayCache | None = None) -> RoadNetwork:
    """The network of a file for a profile.

    Parameters
    ----------
    path
        ``.osm.pbf``, ``.osm`` or GeoJSON.
    profile
        Who travels.
    cache
        Where to keep the network for the next time.

    Raises
    ------
    Unavailable
        ``travel.file.missing``, ``travel.file.unreadable``.
    InvalidInput
        ``travel.geojson``, ``travel.geojson.line``; ``travel.streets.none``: nothing in the file
        may be used with this profile; ``travel.streets.too_wide``.
    """
    key = f"road-{sha256(f'{EDITION} {fingerprint(path)} {profile!r}'.encode()).hexdigest()}"
    kept = from_cache(cache, key)
    if kept is not None:
        return kept
    graph = road_graph(read_streets(path), profile)
    if not graph:
        place = Place(file=str(path))
        raise InvalidInput([Finding("travel.streets.none", place, {"profile": profile.name})])
    network = contracted(graph)
    refuse(too_wide(network, path))
    if cache:
        cache.put(key, {field.name: getattr(network, field.name) for field in fields(network)})
    return network


def too_wide(network: RoadNetwork, path: Path) -> Iterator[Finding]:
    """A finding if ways on the network could be longer than the search can add up."""
    across_m = float(np.linalg.norm(np.ptp(earth_centred(network.vertex), axis=0)))
    if across_m > MAX_ACROSS_M:
        values = {"kilometres": round(across_m / 1000), "limit": round(MAX_ACROSS_M / 1000)}
        yield Finding("travel.streets.too_wide", Place(file=str(path)), values)


def read_streets(path: Path) -> Extract:
    """The streets of a file, by the reader for its name."""
    return read_geojson(path) if path.name.lower().endswith(GEOJSON) else read_osm(path)


def fingerprint(path: Path) -> str:
    """The SHA-256 of a file.

    Raises
    ------
    Unavailable
        ``travel.file.missing``
    """
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise Unavailable("travel.file.missing", file=str(path)) from error


def from_cache(cache: ArrayCache | None, key: str) -> RoadNetwork | None:
    """A network kept earlier, if it is there and whole."""
    arrays = cache.get(key) if cache else None
    if arrays is None or set(arrays) != {field.name for field in fields(RoadNetwork)}:
        return None
    junctions = int(arrays.pop("junctions"))
    return RoadNetwork(junctions=junctions, **arrays)
