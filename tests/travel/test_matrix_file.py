from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.travel.towns import place

from dispatch.errors import InvalidInput, InvalidValue, Unavailable
from dispatch.travel.matrix_file.travel import MatrixFileTravel

A, B, C = (place(name, 0, 100 * number) for number, name in enumerate("abc"))
GOOD = {
    "places": ["a", "b", "c"],
    "seconds": [[0, 60, 120], [61, 0, 90], [121, 91, 0]],
    "metres": [[0, 600, 1200], [610, 0, 900], [1210, 910, 0]],
}


def write(path: Path, content: dict[str, Any]) -> Path:
    match path.suffix:
        case ".npz":
            np.savez(path, **{name: np.array(value) for name, value in content.items()})
        case ".csv":
            ids = content["places"]
            lines = [
                f"{one},{other},{content['seconds'][i][j]},{content['metres'][i][j]}"
                for i, one in enumerate(ids)
                for j, other in enumerate(ids)
                if i != j
            ]
            path.write_text("\n".join(["\ufefffrom,to,seconds,metres", *lines]), encoding="utf-8")
        case _:
            path.write_text(json.dumps(content))
    return path


def refused(path: Path) -> list[str]:
    with pytest.raises(InvalidInput) as caught:
        MatrixFileTravel(path)
    assert {finding.place.file for finding in caught.value.findings} == {str(path)}
    return [finding.code for finding in caught.value.findings]


@pytest.fixture(params=["m.json", "m.npz", "m.csv"])
def travel(request: pytest.FixtureRequest, tmp_path: Path) -> MatrixFileTravel:
    return MatrixFileTravel(write(tmp_path / request.param, GOOD))


def test_places_are_found_by_their_ids_in_any_order(travel: MatrixFileTravel) -> None:
    matrix = travel.matrix([C, A])
    assert matrix.seconds.tolist() == [[0, 121], [120, 0]]
    assert matrix.metres.tolist() == [[0, 1210], [1200, 0]]
    assert matrix.snapped_m.tolist() == [0, 0]
    assert matrix.seconds.dtype == np.int32
    assert travel.line([C, A]) == (C.position, A.position)
    assert travel.matrix([]).seconds.shape == (0, 0)


def test_every_missing_place_is_named(travel: MatrixFileTravel) -> None:
    with pytest.raises(InvalidInput) as caught:
        travel.matrix([place("x", 0, 0), A, place("y", 0, 0)])
    assert [finding.values["id"] for finding in caught.value.findings] == ["x", "y"]


def test_another_profile_is_refused(travel: MatrixFileTravel) -> None:
    with pytest.raises(InvalidValue, match="bike"):
        travel.matrix([A, B], profile="bike")


def test_the_fingerprint_follows_the_content(tmp_path: Path) -> None:
    one = MatrixFileTravel(write(tmp_path / "1.json", GOOD))
    same = MatrixFileTravel(write(tmp_path / "2.npz", GOOD))
    other = MatrixFileTravel(write(tmp_path / "3.json", {**GOOD, "metres": GOOD["seconds"]}))
    assert one.fingerprint() == same.fingerprint() != other.fingerprint()


@pytest.mark.parametrize("name", ["m.json", "m.npz"])
def test_all_that_is_wrong_is_said_at_once(tmp_path: Path, name: str) -> None:
    wrong = {
        "places": ["a", "b", "a"],
        "seconds": [[0, -1, 1], [float("nan"), 5, 1], [1e308, 1, 0]],
        "metres": [[0, 1], [1, 0]],
    }
    assert refused(write(tmp_path / name, wrong)) == [
        "travel.matrix.twice",
        "travel.matrix.number",
        "travel.matrix.number",
        "travel.matrix.number",
        "travel.matrix.diagonal",
        "travel.matrix.shape",
    ]


@pytest.mark.parametrize(
    ("part", "value", "code"),
    [
        ("places", "abc", "travel.matrix.places"),
        ("places", [1, 2, 3], "travel.matrix.places"),
        ("places", ["a", "", "c"], "travel.matrix.places"),
        ("seconds", [[0, 1, 2], [1, 0], [1, 2, 0]], "travel.matrix.shape"),
        ("seconds", [["0", "1", "2"]] * 3, "travel.matrix.shape"),
        ("metres", None, "travel.matrix.shape"),
        ("metres", {"a": 1}, "travel.matrix.shape"),
        ("metres", [[[0]]], "travel.matrix.shape"),
        ("metres", [[2**80] * 3] * 3, "travel.matrix.shape"),
    ],
)
def test_a_wrong_part_is_named(tmp_path: Path, part: str, value: object, code: str) -> None:
    assert refused(write(tmp_path / "m.json", {**GOOD, part: value})) == [code]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("m.json", b"{"),
        ("m.json", b"[]"),
        ("m.json", b'{"places": []}'),
        ("m.json", b"\xff\xfe"),
        ("m.npz", b"PK\x03\x04"),
        ("m.npz", b"text"),
        ("m.csv", b"from,to,seconds\na,b,1"),
        ("m.csv", b""),
        ("m.csv", b'from,to,seconds,metres\na,"b,1,2'),
        ("m.csv", "from,to,seconds,metres\nä,b,1,2".encode("latin-1")),
    ],
)
def test_a_file_of_another_kind_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    assert refused(tmp_path / name) == ["travel.matrix.form"]


def test_an_archive_of_objects_is_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "m.npz", **{**GOOD, "places": np.array([object()], dtype=object)})
    assert refused(tmp_path / "m.npz") == ["travel.matrix.form"]


def test_lines_of_a_csv_are_named_by_row(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text(
        "from,to,seconds,metres\na,b,1,1\nb,a,-1,x\na,b,2,2\n,a,1,1\nb,a,nan\n"
    )
    with pytest.raises(InvalidInput) as caught:
        MatrixFileTravel(tmp_path / "m.csv")
    assert [(each.code, each.place.row, each.place.column) for each in caught.value.findings] == [
        ("travel.matrix.number", 3, "seconds"),
        ("travel.matrix.number", 3, "metres"),
        ("travel.matrix.twice", 4, None),
        ("travel.matrix.places", 5, None),
        ("travel.matrix.twice", 6, None),
        ("travel.matrix.number", 6, "seconds"),
        ("travel.matrix.number", 6, "metres"),
    ]


def test_pairs_without_a_line_are_named(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text("from,to,seconds,metres\na,b,1,1\nb,c,1,1\nc,a,1,1\na,c,1,1\n")
    assert refused(tmp_path / "m.csv") == ["travel.matrix.pair"] * 2


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unavailable) as caught:
        MatrixFileTravel(tmp_path / "none.json")
    assert caught.value.code == "travel.file.missing"
