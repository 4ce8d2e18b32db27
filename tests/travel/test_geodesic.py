from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from dispatch.domain.position import Place, Position
from dispatch.errors import InvalidInput, InvalidValue
from dispatch.travel.bounds import MAX_PLACES
from dispatch.travel.geodesic import (
    EXACT_PLACES,
    GeodesicParameters,
    GeodesicTravel,
    exact_m,
    vectorised_m,
)
from dispatch.travel.hours import ALWAYS_THE_SAME

PARIS = Place("paris", Position(48.8566, 2.3522))
LYON = Place("lyon", Position(45.7640, 4.8357))
RUSH_HOUR = datetime(2026, 3, 2, 16, tzinfo=UTC)


def scattered(count: int) -> list[Place]:
    draw = np.random.default_rng(7).uniform(-0.3, 0.3, (count, 2))
    return [Place(str(n), Position(57.7 + a, 11.97 + b)) for n, (a, b) in enumerate(draw.tolist())]


def test_a_known_distance_times_the_detour() -> None:
    travel = GeodesicTravel(GeodesicParameters(detour=1.5, car_kmh=90, hours=ALWAYS_THE_SAME))
    matrix = travel.matrix([PARIS, LYON])
    assert matrix.metres[0, 1] == pytest.approx(391_500 * 1.5, rel=0.002)
    assert matrix.seconds[0, 1] == pytest.approx(matrix.metres[0, 1] / 25, abs=1)
    assert matrix.seconds[0, 1] == matrix.seconds[1, 0]
    assert np.diag(matrix.seconds).tolist() == np.diag(matrix.metres).tolist() == [0, 0]
    assert matrix.snapped_m.tolist() == [0, 0]


def test_many_places_are_measured_like_few() -> None:
    places = scattered(EXACT_PLACES)
    np.testing.assert_allclose(np.vstack(list(vectorised_m(places))), *exact_m(places), rtol=1e-4)


def test_a_large_matrix_is_whole_numbers_and_reports_progress() -> None:
    reported: list[float] = []
    matrix = GeodesicTravel().matrix(scattered(600), progress=reported.append)
    assert matrix.seconds.dtype == matrix.metres.dtype == np.int32
    assert matrix.seconds.shape == (600, 600)
    assert np.diag(matrix.metres).max() == 0
    assert reported == sorted(reported)
    assert reported[-1] == 1


def test_the_rush_hour_slows_cars_but_not_bikes() -> None:
    travel = GeodesicTravel()

    def seconds(profile: str, departure: datetime | None) -> int:
        matrix = travel.matrix([PARIS, LYON], profile=profile, departure=departure)
        return int(matrix.seconds[0, 1])

    assert seconds("car", RUSH_HOUR) > seconds("car", None)
    assert seconds("bike", RUSH_HOUR) == seconds("bike", None)
    assert seconds("walk", None) > seconds("bike", None) > seconds("car", None)


def test_no_place_and_one_place() -> None:
    assert GeodesicTravel().matrix([]).seconds.shape == (0, 0)
    assert GeodesicTravel().matrix([PARIS]).seconds.tolist() == [[0]]


def test_the_line_goes_from_place_to_place() -> None:
    assert GeodesicTravel().line([PARIS, LYON]) == (PARIS.position, LYON.position)


@pytest.mark.parametrize(
    "wrong",
    [{"detour": 0.9}, {"detour": float("nan")}, {"car_kmh": 0}, {"walk_kmh": float("inf")}],
)
def test_parameters_check_themselves(wrong: dict[str, float]) -> None:
    with pytest.raises(InvalidValue) as caught:
        GeodesicParameters(**wrong)
    assert caught.value.code == "travel.parameter"


def test_an_unknown_profile_is_named() -> None:
    with pytest.raises(InvalidValue, match="rocket"):
        GeodesicTravel().matrix([PARIS, LYON], profile="rocket")


def test_too_many_places_are_refused_before_any_work() -> None:
    with pytest.raises(InvalidInput) as caught:
        GeodesicTravel().matrix([PARIS] * (MAX_PLACES + 1))
    assert [finding.code for finding in caught.value.findings] == ["travel.places.too_many"]


def test_the_fingerprint_follows_the_parameters() -> None:
    usual, slower = GeodesicTravel(), GeodesicTravel(GeodesicParameters(car_kmh=20))
    assert usual.fingerprint() == GeodesicTravel().fingerprint() != slower.fingerprint()
