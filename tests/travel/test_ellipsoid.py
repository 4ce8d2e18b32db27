from __future__ import annotations

import numpy as np
import pytest
from geopy.distance import geodesic
from hypothesis import given
from hypothesis import strategies as st

from dispatch.travel.ellipsoid import distances_m, earth_centred

latitudes = st.floats(-85, 85)
longitudes = st.floats(-180, 180)


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    points = earth_centred(np.array([one, other]))
    return float(distances_m(points[:1], points[1:])[0, 0])


@given(latitudes, longitudes, st.floats(0, 360), st.floats(1, 1000))
def test_distances_agree_with_the_exact_geodesic(
    lat: float, lon: float, bearing: float, kilometres: float
) -> None:
    there = geodesic(kilometers=kilometres).destination((lat, lon), bearing)
    found = metres((lat, lon), (there.latitude, there.longitude))
    assert found == pytest.approx(kilometres * 1000, rel=1e-4)


def test_distances_go_round_the_date_line() -> None:
    assert metres((10, 179.999), (10, -179.999)) == pytest.approx(
        geodesic((10, 179.999), (10, -179.999)).meters, rel=1e-4
    )


def test_the_other_side_of_the_earth_is_half_a_round_away() -> None:
    assert metres((0, 0), (0, 180)) == pytest.approx(20_015_000, rel=1e-2)


def test_a_point_is_nowhere_but_at_itself() -> None:
    assert metres((57.7, 11.97), (57.7, 11.97)) == 0
