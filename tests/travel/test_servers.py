"""Both kinds of routing server, the real programs, on the streets of the demo city."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from geopy.distance import geodesic
from tests.travel.routing_servers import ISLAND, osrm, valhalla, write_streets

from dispatch.data_files import data_path
from dispatch.domain.position import Place, Position
from dispatch.errors import InvalidInput, InvalidValue, Unavailable
from dispatch.planning.travel_times import TravelMatrix
from dispatch.travel.access import AccessLegs
from dispatch.travel.osrm import OsrmTravel
from dispatch.travel.road.travel import RoadTravel
from dispatch.travel.server import Server
from dispatch.travel.valhalla import ValhallaTravel

pytestmark = pytest.mark.slow  # building both servers' data takes ten seconds

Travel = OsrmTravel | ValhallaTravel

ON_ISLAND = Place("on the island", Position(*ISLAND[-2]))
AT_SEA = Place("at sea", Position(57.2, 11.3))


@pytest.fixture(scope="module")
def streets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_streets(tmp_path_factory.mktemp("r"))


@pytest.fixture(scope="module", params=["osrm", "valhalla"])
def travel(request: pytest.FixtureRequest, streets: Path) -> Iterator[Travel]:
    if request.param == "osrm":
        with osrm(streets) as address:
            yield OsrmTravel(Server(address))
    else:
        with valhalla(streets) as address:
            yield ValhallaTravel(Server(address))


@pytest.fixture(scope="module")
def road() -> RoadTravel:
    return RoadTravel(data_path("gothenburg/streets.geojson.gz"))


@pytest.fixture(scope="module")
def places(road: RoadTravel) -> list[Place]:
    corners = [street.line[0] for street in road.streets() if street.kind == "residential"]
    drawn = np.random.default_rng(5).choice(len(corners), 30, replace=False).tolist()
    return [Place(f"job-{number}", corners[at]) for number, at in enumerate(drawn)]


def in_blocks(travel: Travel, block: int) -> Travel:
    if isinstance(travel, OsrmTravel):
        return OsrmTravel(travel.server, block=block)
    return ValhallaTravel(travel.server, block=block)


def median_ratio(one: np.ndarray, other: np.ndarray) -> float:
    far = other > np.median(other)
    return float(np.median(one[far] / other[far]))


def test_the_server_and_our_own_road_graph_agree(
    travel: Travel, road: RoadTravel, places: list[Place]
) -> None:
    reported: list[float] = []
    theirs = travel.matrix(places, progress=reported.append)
    ours = road.matrix(places)
    check_form(theirs, len(places))
    assert reported[-1] == 1
    assert median_ratio(theirs.metres, ours.metres) == pytest.approx(1, abs=0.1)
    assert 0.6 < median_ratio(theirs.seconds, ours.seconds) < 1.5
    assert np.corrcoef(theirs.seconds.ravel(), ours.seconds.ravel())[0, 1] > 0.9


def check_form(matrix: TravelMatrix, size: int) -> None:
    assert matrix.seconds.shape == matrix.metres.shape == (size, size)
    assert matrix.seconds.dtype == matrix.metres.dtype == matrix.snapped_m.dtype == np.int32
    assert np.diag(matrix.seconds).max() == np.diag(matrix.metres).max() == 0
    assert (matrix.seconds + np.eye(size, dtype=np.int64)).min() > 0
    assert matrix.snapped_m.max() < 100


def test_many_blocks_say_what_one_does(travel: Travel, places: list[Place]) -> None:
    whole, parts = travel.matrix(places[:11]), in_blocks(travel, 4).matrix(places[:11])
    # Valhalla's search in both directions stops at a way that is all but the fastest.
    np.testing.assert_allclose(whole.seconds, parts.seconds, rtol=0.02, atol=2)
    np.testing.assert_allclose(whole.metres, parts.metres, rtol=0.05, atol=20)
    np.testing.assert_array_equal(whole.snapped_m, parts.snapped_m)


def test_nowhere_and_one_place(travel: Travel, places: list[Place]) -> None:
    assert travel.matrix([]).seconds.shape == (0, 0)
    assert travel.matrix(places[:1]).seconds.tolist() == [[0]]
    assert travel.line([]) == ()
    assert travel.line(places[:1]) == (places[0].position,)


def test_the_line_follows_the_streets(travel: Travel, places: list[Place]) -> None:
    chosen = places[:3]
    line = travel.line(chosen)
    assert line[0] == chosen[0].position
    assert line[-1] == chosen[-1].position
    metres = travel.matrix(chosen).metres
    steps = [((one.lat, one.lon), (other.lat, other.lon)) for one, other in pairwise(line)]
    length = sum(geodesic(*step).meters for step in steps)
    assert length == pytest.approx(int(metres[0, 1] + metres[1, 2]), rel=0.1)


def test_a_long_line_is_asked_for_in_parts(travel: Travel, places: list[Place]) -> None:
    line = in_blocks(travel, 10).line(places)
    assert len(line) > 10 * len(places)
    steps = [((one.lat, one.lon), (other.lat, other.lon)) for one, other in pairwise(line)]
    assert max(geodesic(*step).meters for step in steps) < 2000


def test_a_place_on_an_island_is_named(travel: Travel, places: list[Place]) -> None:
    with pytest.raises(InvalidInput) as caught:
        in_blocks(travel, 7).matrix([*places[:10], ON_ISLAND, *places[10:15]])
    assert {finding.values["id"] for finding in caught.value.findings} == {ON_ISLAND.id}


def test_a_place_far_from_all_streets_is_named(travel: Travel, places: list[Place]) -> None:
    with pytest.raises(InvalidInput) as caught:
        travel.matrix([*places[:2], AT_SEA])
    named = {finding.values["id"] for finding in caught.value.findings}
    assert named == {AT_SEA.id}


def test_a_place_beside_the_street_walks_to_it(travel: Travel, places: list[Place]) -> None:
    position = places[0].position
    beside = Place("beside", Position(position.lat + 0.0003, position.lon))
    matrix = travel.matrix([places[1], beside])
    assert 1 <= matrix.snapped_m[1] <= 40
    with pytest.raises(InvalidInput):
        type(travel)(travel.server, AccessLegs(limit_m=0.5)).matrix([places[1], beside])


def test_a_refusal_is_passed_on_with_the_server_s_words(
    travel: Travel, places: list[Place]
) -> None:
    with pytest.raises(Unavailable) as caught:
        in_blocks(travel, 2000).matrix([*places] * 20)
    assert caught.value.code == "travel.server.refused"
    assert "HTTP 4" in str(caught.value.values["reason"])


def test_an_unknown_profile_is_refused(travel: Travel, places: list[Place]) -> None:
    for asked in (travel.matrix, travel.line):
        with pytest.raises(InvalidValue, match="rocket"):
            asked(places[:2], profile="rocket")


def test_only_a_source_that_knows_its_data_has_a_fingerprint(travel: Travel) -> None:
    if isinstance(travel, OsrmTravel):
        assert travel.fingerprint() is None
        named = OsrmTravel(travel.server, data_version="2026-03")
        assert (
            named.fingerprint() == OsrmTravel(travel.server, data_version="2026-03").fingerprint()
        )
        assert (
            named.fingerprint() != OsrmTravel(travel.server, data_version="2026-04").fingerprint()
        )
    else:
        assert travel.fingerprint() == ValhallaTravel(travel.server).fingerprint()
        assert travel.fingerprint() != ValhallaTravel(travel.server, AccessLegs(1.0)).fingerprint()
