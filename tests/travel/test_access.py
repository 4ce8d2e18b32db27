from __future__ import annotations

import numpy as np
import pytest
from tests.travel.towns import place

from dispatch.errors import InvalidValue
from dispatch.travel.access import AccessLegs
from dispatch.travel.blocks import in_rows

LEGS = AccessLegs(limit_m=500, speed_kmh=3.6)


def test_both_access_legs_are_added_at_their_own_speed() -> None:
    places = [place("a", 0, 0), place("b", 0, 5000)]
    between = np.array([[0.0, 100.0], [120.0, 0.0]])
    matrix = LEGS.around(places, in_rows(between, between * 10), np.array([40.0, 2.0]))
    assert matrix.seconds.tolist() == [[0, 142], [162, 0]]
    assert matrix.metres.tolist() == [[0, 1042], [1242, 0]]
    assert matrix.snapped_m.tolist() == [40, 2]


def test_next_door_one_does_not_go_by_the_road() -> None:
    places = [place("a", 0, 0), place("b", 0, 10)]
    nothing = np.zeros((2, 2))
    matrix = LEGS.around(places, in_rows(nothing, nothing), np.array([200.0, 200.0]))
    assert matrix.metres[0, 1] == matrix.seconds[0, 1] == pytest.approx(10, abs=1)


def test_a_place_beyond_the_limit_is_named_with_its_distance() -> None:
    places = [place("near", 0, 0), place("far", 0, 10), place("lost", 0, 20)]
    found = list(LEGS.too_far(places, np.array([500.0, 501.2, np.inf])))
    assert [finding.code for finding in found] == [
        "travel.place.too_far",
        "travel.place.unreachable",
    ]
    assert found[0].values == {"id": "far", "metres": 501, "limit_m": 500}


@pytest.mark.parametrize("wrong", [{"limit_m": -1}, {"speed_kmh": 0}, {"island_m": float("nan")}])
def test_legs_check_themselves(wrong: dict[str, float]) -> None:
    with pytest.raises(InvalidValue):
        AccessLegs(**wrong)
