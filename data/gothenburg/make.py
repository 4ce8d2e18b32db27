"""Make ``streets.geojson.gz``, the street network of the demo city.

    python data/gothenburg/make.py

It needs npm: the OpenStreetMap extract comes out of an npm package that carries one as test data.
The same input gives the same bytes, whoever runs it. README.md says where the data is from and
under which licence it stands.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any

PACKAGE = "geojson-path-finder@2.1.0"
MEMBER = "package/test/large-network.json"
SHA256 = "e43f69b9b18a6b37d6a73fcb95631389be2ebae44cb3b74efc3b493d6033c1e4"
TARGET = Path(__file__).with_name("streets.geojson.gz")

TAGS = (
    "highway", "oneway", "oneway:bicycle", "junction", "maxspeed", "name", "service",
    "access", "vehicle", "motor_vehicle", "motorcar", "bicycle", "foot",
)  # fmt: skip
"""What routing and the map read; the other hundred tags stay behind."""
NOT_FOR_TRAVEL = {"platform", "construction", "proposed", "bus_stop", "raceway"}
DIGITS = 6
"""Of a degree: a tenth of a metre."""


def main() -> None:
    """Fetch the extract, keep what is needed, write it, say how much there is."""
    streets = [street(way) for way in extract()["features"] if is_street(way)]
    collection = {
        "type": "FeatureCollection",
        "copyright": "(c) OpenStreetMap contributors, Open Database License 1.0",
        "features": sorted(streets, key=lambda each: each["id"]),
    }
    text = json.dumps(collection, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    # No name and no time in the header, so that the same streets are the same bytes.
    TARGET.write_bytes(gzip.compress(text.encode(), compresslevel=9, mtime=0))
    print(f"{TARGET}: {len(streets)} streets, {TARGET.stat().st_size / 1e6:.2f} MB")


def extract() -> dict[str, Any]:
    """The extract as the package carries it, checked to be the one this script knows."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            ["npm", "pack", PACKAGE, "--silent", "--pack-destination", folder], check=True
        )
        (archive,) = Path(folder).glob("*.tgz")
        with tarfile.open(archive) as package:
            member = package.extractfile(MEMBER)
            if member is None:
                raise SystemExit(f"{PACKAGE} has no {MEMBER}")
            content = member.read()
    digest = hashlib.sha256(content).hexdigest()
    if digest != SHA256:
        raise SystemExit(f"{MEMBER} has SHA-256 {digest}, not {SHA256}: look at it, then change it")
    extract: dict[str, Any] = json.loads(content)
    return extract


def is_street(way: dict[str, Any]) -> bool:
    """A line that somebody can travel along; squares drawn as areas have no direction to follow."""
    return (
        way["geometry"]["type"] == "LineString"
        and way["properties"].get("area") != "yes"
        and way["properties"]["highway"] not in NOT_FOR_TRAVEL
    )


def street(way: dict[str, Any]) -> dict[str, Any]:
    """The way with the tags and digits that are needed."""
    return {
        "type": "Feature",
        "id": int(way["id"].removeprefix("way/")),
        "properties": {tag: way["properties"][tag] for tag in TAGS if tag in way["properties"]},
        "geometry": {
            "type": "LineString",
            "coordinates": [
                [round(lon, DIGITS), round(lat, DIGITS)]
                for lon, lat in way["geometry"]["coordinates"]
            ],
        },
    }


if __name__ == "__main__":
    main()
