from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.travel.towns import SQUARE, place, write_osm

from dispatch.errors import InvalidValue, Unavailable
from dispatch.travel.open import open_road, open_travel


def test_straight_lines(tmp_path: Path) -> None:
    assert open_travel("geodesic", cache_folder=tmp_path).name.startswith("straight lines")


def test_the_demo_city(tmp_path: Path) -> None:
    assert open_travel("gothenburg", cache_folder=tmp_path).name == "road graph (gothenburg)"
    assert open_road("gothenburg", cache_folder=tmp_path) is not None


def test_a_road_file_keeps_its_network_and_matrices(tmp_path: Path) -> None:
    path = write_osm(tmp_path / "square.osm.pbf", SQUARE)
    travel = open_travel(f"road:{path}", cache_folder=tmp_path / "cache")
    assert travel.name == "road graph (square.osm.pbf)"
    travel.matrix([place("a", 0, 0), place("b", 0, 500)])
    kinds = sorted(file.name.split("-")[0] for file in (tmp_path / "cache").iterdir())
    assert kinds == ["matrix", "road"]


def test_a_matrix_file(tmp_path: Path) -> None:
    path = tmp_path / "m.json"
    path.write_text(json.dumps({"places": ["a"], "seconds": [[0]], "metres": [[0]]}))
    assert open_travel(f"matrix:{path}").name == "travel matrix (m.json)"


def test_servers(tmp_path: Path) -> None:
    address = "http://localhost:5000"
    assert open_travel(f"osrm:{address}").name == f"OSRM ({address})"
    assert open_travel(f"valhalla:{address}").name == f"Valhalla ({address})"
    assert open_road(f"osrm:{address}", cache_folder=tmp_path) is None


@pytest.mark.parametrize(
    "source", ["", "teleport", "road", "road:", "osrm:", "matrix:", "geodesic:x", "gothenburg:x"]
)
def test_other_words_are_refused(source: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidValue) as caught:
        open_travel(source, cache_folder=tmp_path)
    assert caught.value.code == "travel.source"


def test_a_missing_road_file_is_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(Unavailable) as caught:
        open_travel("road:nowhere.osm.pbf", cache_folder=tmp_path)
    assert caught.value.code == "travel.file.missing"


def test_a_wrong_address_is_refused_at_once(tmp_path: Path) -> None:
    for address in ("localhost:5000", "ftp://x", "http://", "http://x:y"):
        with pytest.raises(InvalidValue) as caught:
            open_travel(f"osrm:{address}", cache_folder=tmp_path)
        assert caught.value.code == "travel.server.url"
