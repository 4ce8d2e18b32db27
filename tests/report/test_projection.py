from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.domain.position import Position
from dispatch.report.projection import EARTH_RADIUS_M, Projection, centred

latitudes, longitudes = st.floats(-70, 70), st.floats(-179, 179)


@given(latitudes, longitudes, st.floats(-0.05, 0.05), st.floats(-0.05, 0.05))
def test_a_metre_is_a_metre_near_the_centre(
    lat: float, lon: float, north: float, east: float
) -> None:
    centre = Position(lat, lon)
    ((x, y),) = Projection(centre).flat([Position(lat + north, lon + east)])
    metres_per_degree = np.pi / 180 * EARTH_RADIUS_M
    assert x == pytest.approx(east * metres_per_degree * np.cos(np.radians(lat)), abs=0.01)
    assert -y == pytest.approx(north * metres_per_degree, rel=0.01, abs=1)


def test_a_day_at_the_date_line_stays_together() -> None:
    points = [Position(0, 179.9), Position(0, -179.9)]
    flat = Projection(Position(0, 180)).flat(points)
    assert abs(flat[0, 0] - flat[1, 0]) < 25_000


def test_the_poles_are_drawn_on_the_edge() -> None:
    assert np.isfinite(Projection(Position(90, 0)).flat([Position(-90, 0)])).all()


def test_the_centre_is_in_the_middle() -> None:
    assert centred([Position(1, 2), Position(3, 6)]).centre == Position(2, 4)
    assert centred([]).flat([]).shape == (0, 2)
