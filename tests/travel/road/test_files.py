from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.travel.towns import SQUARE, write_osm

from dispatch.errors import InvalidInput, Unavailable
from dispatch.travel.array_cache import ArrayCache
from dispatch.travel.bounds import MAX_FINDINGS
from dispatch.travel.road import read
from dispatch.travel.road.profile import BIKE, CAR, WALK
from dispatch.travel.road.read import road_network


def line(*corners: tuple[Any, ...], **tags: str) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"highway": "residential", **tags},
        "geometry": {"type": "LineString", "coordinates": [list(corner) for corner in corners]},
    }


def write_geojson(path: Path, *features: object) -> Path:
    text = json.dumps({"type": "FeatureCollection", "features": features})
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


@pytest.fixture(params=["square.osm.pbf", "square.osm", "square.geojson", "square.geojson.gz"])
def square(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / request.param
    if ".osm" in path.name:
        return write_osm(path, SQUARE)
    lines = [
        line(*(SQUARE.positions[node][::-1] for node in way.nodes), **way.tags)
        for way in SQUARE.ways
    ]
    area = {"properties": {"highway": "pedestrian"}, "geometry": {"type": "Polygon"}}
    return write_geojson(path, *lines, area, {"properties": None, "geometry": None}, 7)


def test_every_kind_of_file_gives_the_same_network(square: Path) -> None:
    network = road_network(square, CAR)
    assert network.along_m.max() == pytest.approx(4000, rel=0.01)
    assert len(network.stray) == 3
    assert road_network(square, WALK).along_m.max() == pytest.approx(2000, rel=0.01)


def test_a_way_is_kept_where_the_extract_has_its_nodes(tmp_path: Path) -> None:
    path = tmp_path / "cut.osm"
    path.write_text(
        """<osm version="0.6">
        <node id="1" lat="0" lon="0" version="1"/><node id="2" lat="0" lon="0.01" version="1"/>
        <node id="4" lat="0" lon="0.03" version="1"/><node id="5" lat="0" lon="0.04" version="1"/>
        <way id="1" version="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="4"/><nd ref="5"/>
        <tag k="highway" v="primary"/></way></osm>"""
    )
    network = road_network(path, CAR)
    assert network.junctions == 2
    assert len(network.stray) == 3


@pytest.mark.parametrize("name", ["x.osm.pbf", "x.osm", "x.geojson.gz"])
def test_a_damaged_file_is_named(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"\x00\x00\x00\x0dnot streets at all")
    with pytest.raises(Unavailable) as caught:
        road_network(path, CAR)
    assert caught.value.code == "travel.file.unreadable"
    assert caught.value.values["file"] == str(path)


def test_a_file_that_unpacks_too_large_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dispatch.travel.road.geojson_file.MAX_BYTES", 1000)
    path = tmp_path / "bomb.geojson.gz"
    path.write_bytes(gzip.compress(b" " * 2000))
    with pytest.raises(Unavailable, match="1,000 bytes"):
        road_network(path, CAR)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unavailable) as caught:
        road_network(tmp_path / "none.osm.pbf", CAR)
    assert caught.value.code == "travel.file.missing"


@pytest.mark.parametrize("text", ["{", '{"type": "Feature"}', "[]", "\N{BOM}", "[" * 100_000])
def test_other_json_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.geojson"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidInput) as caught:
        road_network(path, CAR)
    assert [finding.code for finding in caught.value.findings] == ["travel.geojson"]


def test_every_wrong_line_is_listed_with_its_pointer(tmp_path: Path) -> None:
    path = write_geojson(
        tmp_path / "x.geojson",
        line((0, 0), (0, 1)),
        line((0, 0)),
        line((0, 0), (0, 95)),
        line((0, 0), ("0", 1)),
        line((0, 0), (float("nan"), 1)),
        line((0,), (1,)),
    )
    with pytest.raises(InvalidInput) as caught:
        road_network(path, CAR)
    assert [finding.place.pointer for finding in caught.value.findings] == [
        f"/features/{number}/geometry/coordinates" for number in range(1, 6)
    ]
    assert {finding.code for finding in caught.value.findings} == {"travel.geojson.line"}


def test_very_many_wrong_lines_are_counted(tmp_path: Path) -> None:
    path = write_geojson(tmp_path / "x.geojson", *[line((0, 0))] * (MAX_FINDINGS + 20))
    with pytest.raises(InvalidInput) as caught:
        road_network(path, CAR)
    assert len(caught.value.findings) == MAX_FINDINGS + 1
    assert caught.value.findings[-1].values == {"count": 20}


def test_a_file_without_streets_for_the_profile_is_refused(tmp_path: Path) -> None:
    path = write_geojson(tmp_path / "x.geojson", line((0, 0), (0, 1), highway="motorway"))
    with pytest.raises(InvalidInput) as caught:
        road_network(path, BIKE)
    assert [finding.code for finding in caught.value.findings] == ["travel.streets.none"]


def test_streets_across_half_the_earth_are_refused(tmp_path: Path) -> None:
    path = write_geojson(tmp_path / "x.geojson", line((0, 0), (90, 0)))
    with pytest.raises(InvalidInput) as caught:
        road_network(path, CAR)
    assert [finding.code for finding in caught.value.findings] == ["travel.streets.too_wide"]


def test_a_network_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_osm(tmp_path / "square.osm.pbf", SQUARE)
    cache = ArrayCache(tmp_path / "cache")
    first = road_network(path, CAR, cache)

    def never(_: Path) -> None:
        raise AssertionError("read again")

    monkeypatch.setattr(read, "read_streets", never)
    again = road_network(path, CAR, cache)
    assert again.junctions == first.junctions
    np.testing.assert_array_equal(again.vertex, first.vertex)
    np.testing.assert_array_equal(again.kind, first.kind)
    with pytest.raises(AssertionError, match="read again"):
        road_network(path, WALK, cache)
