"""Chinese maps and the rest of the world agree on where things are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.domain.gcj02 import from_gcj02, to_gcj02
from dispatch.domain.position import Position

KNOWN = [
    ((31.1774276, 121.5272106), (31.17530398364597, 121.531541859215)),
    ((22.543847, 113.912316), (22.540796131694766, 113.9171764808363)),
    ((39.911954, 116.377817), (39.91334545536069, 116.38404722455657)),
]
"""Shanghai, Shenzhen, Peking: WGS-84 and GCJ-02, as public converters have them."""
METRE = 1e-5
"""Degrees."""


@pytest.mark.parametrize(("world", "china"), KNOWN)
def test_known_places(world: tuple[float, float], china: tuple[float, float]) -> None:
    assert to_gcj02(Position(*world)) == pytest.approx(china, abs=METRE)
    found = from_gcj02(*china)
    assert (found.lat, found.lon) == pytest.approx(world, abs=METRE)


@given(st.floats(1, 55), st.floats(73, 137))
def test_there_and_back_is_the_same_place(lat: float, lon: float) -> None:
    found = from_gcj02(*to_gcj02(Position(lat, lon)))
    assert (found.lat, found.lon) == pytest.approx((lat, lon), abs=METRE / 100)


@pytest.mark.parametrize("place", [(57.7, 11.97), (-33.9, 151.2), (40.7, -74.0)])
def test_elsewhere_nothing_is_shifted(place: tuple[float, float]) -> None:
    assert to_gcj02(Position(*place)) == place
    assert from_gcj02(*place) == Position(*place)
