from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from tests.travel.towns import SQUARE, place, write_osm

from dispatch.data_files import data_path
from dispatch.domain.position import Place, Position
from dispatch.errors import InvalidInput, InvalidValue
from dispatch.travel.access import AccessLegs
from dispatch.travel.hours import HourlyFactors
from dispatch.travel.road.streets import Box
from dispatch.travel.road.travel import RoadTravel


@pytest.fixture
def square(tmp_path: Path) -> RoadTravel:
    return RoadTravel(write_osm(tmp_path / "square.osm.pbf", SQUARE))


@pytest.fixture(scope="module")
def gothenburg() -> RoadTravel:
    return RoadTravel(data_path("gothenburg/streets.geojson.gz"), region="gothenburg")


def corner_places(travel: RoadTravel, count: int) -> list[Place]:
    """Street corners, drawn from all of them."""
    streets = travel.streets()
    drawn = np.random.default_rng(3).integers(0, len(streets), count).tolist()
    return [Place(f"corner-{n}", streets[n].line[0]) for n in drawn]


def test_from_door_to_door(square: RoadTravel) -> None:
    places = [place("west", 500, -50), place("south", -20, 500)]
    matrix = square.matrix(places)
    assert matrix.metres[0, 1] == pytest.approx(50 + 500 + 500 + 20, rel=0.01)
    assert matrix.seconds[0, 1] == pytest.approx(70 / (5 / 3.6) + 1000 / (28 / 3.6), rel=0.01)
    assert matrix.snapped_m.tolist() == [50, 20]
    assert matrix.metres.dtype == matrix.seconds.dtype == np.int32


def test_a_walker_takes_the_footway(square: RoadTravel) -> None:
    places = [place("a", 0, 0), place("c", 1000, 1000)]
    assert square.matrix(places).metres[0, 1] == pytest.approx(2000, rel=0.01)
    assert square.matrix(places, profile="walk").metres[0, 1] == pytest.approx(1414, rel=0.01)


def test_every_lost_place_is_named_with_its_reason(square: RoadTravel) -> None:
    places = [
        place("fine", 0, 0),
        place("at sea", -9000, 0),
        place("on the island", 5000, 5100),
        place("also at sea", 0, -9000),
    ]
    with pytest.raises(InvalidInput) as caught:
        square.matrix(places)
    assert {(finding.code, finding.values["id"]) for finding in caught.value.findings} == {
        ("travel.place.too_far", "at sea"),
        ("travel.place.too_far", "also at sea"),
        ("travel.place.island", "on the island"),
    }
    assert caught.value.findings[0].values["metres"] == pytest.approx(5727, rel=0.01)


def test_the_limit_can_be_set(square: RoadTravel) -> None:
    far = [place("far", -2500, 0), place("near", 0, 0)]
    with pytest.raises(InvalidInput):
        square.matrix(far)
    square.access = AccessLegs(limit_m=3000)
    assert square.matrix(far).snapped_m[0] == pytest.approx(2500, rel=0.01)


def test_the_rush_hour_slows_cars(square: RoadTravel) -> None:
    square.hours = HourlyFactors((1.0,) * 8 + (2.0,) * 16)
    places = [place("a", 0, 0), place("b", 0, 1000)]

    def seconds(profile: str, hour: int) -> int:
        departure = datetime(2026, 3, 2, hour, tzinfo=UTC)
        return int(square.matrix(places, profile=profile, departure=departure).seconds[0, 1])

    assert seconds("car", 9) == pytest.approx(2 * seconds("car", 3), abs=1)
    assert seconds("walk", 9) == seconds("walk", 3)


def test_the_line_follows_the_streets_from_door_to_door(square: RoadTravel) -> None:
    places = [place("a", -10, 0), place("c", 1000, 1010)]
    line = square.line(places)
    assert line[0] == places[0].position
    assert line[-1] == places[1].position
    corners = [SQUARE.positions[node] for node in (2, 4)]
    on_line = {(round(point.lat, 6), round(point.lon, 6)) for point in line}
    assert sum((round(lat, 6), round(lon, 6)) in on_line for lat, lon in corners) == 1


def test_nowhere_and_one_place(square: RoadTravel) -> None:
    assert square.matrix([]).seconds.shape == (0, 0)
    assert square.line([]) == ()
    only = [place("a", 0, 0)]
    assert square.matrix(only).seconds.tolist() == [[0]]
    assert square.line(only)[0] == only[0].position


def test_two_jobs_at_one_address(square: RoadTravel) -> None:
    places = [place("a", 0, 300), place("b", 0, 300), place("c", 1000, 0)]
    matrix = square.matrix(places)
    assert matrix.seconds[0, 1] == matrix.metres[0, 1] == 0
    assert matrix.seconds[0, 2] == matrix.seconds[1, 2]


def test_an_unknown_profile_is_refused(square: RoadTravel) -> None:
    with pytest.raises(InvalidValue) as caught:
        square.matrix([place("a", 0, 0)], profile="rocket")
    assert caught.value.code == "travel.profile"


def test_streets_within_a_box(square: RoadTravel) -> None:
    walk = square.streets(profile="walk")
    assert {street.kind for street in walk} == {"residential", "footway"}
    box = Box(Position(-1, -1), Position(-0.5, -0.5))
    assert square.streets(box, profile="walk") == ()
    south = Box(Position(-0.001, -0.001), Position(0.0001, 0.0001))
    assert 0 < len(square.streets(south, profile="walk")) <= len(walk)


def test_the_demo_city_is_driven_at_city_speeds(gothenburg: RoadTravel) -> None:
    reported: list[float] = []
    matrix = gothenburg.matrix(corner_places(gothenburg, 120), progress=reported.append)
    off_diagonal = ~np.eye(120, dtype=np.bool_) & (matrix.seconds > 60)
    kmh = 3.6 * matrix.metres[off_diagonal] / matrix.seconds[off_diagonal]
    assert 25 < kmh.mean() < 60
    assert kmh.max() < 100
    assert (matrix.seconds != matrix.seconds.T).mean() > 0.5  # one-way streets
    assert reported[-1] == 1


def test_no_detour_in_the_demo_city_is_faster_than_the_way(gothenburg: RoadTravel) -> None:
    seconds = gothenburg.matrix(corner_places(gothenburg, 60)).seconds
    through = (seconds[:, :, None] + seconds[None, :, :]).min(axis=1)
    assert (seconds - through).max() <= 2  # rounding to whole seconds, twice


def test_the_fingerprint_follows_file_and_parameters(square: RoadTravel, tmp_path: Path) -> None:
    before = square.fingerprint()
    assert before == RoadTravel(square.path).fingerprint()
    square.access = AccessLegs(limit_m=10)
    assert square.fingerprint() != before
    other = RoadTravel(write_osm(tmp_path / "other.osm", SQUARE))
    assert other.fingerprint() != before
