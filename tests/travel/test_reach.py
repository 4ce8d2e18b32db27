from __future__ import annotations

import numpy as np
from tests.travel.towns import place

from dispatch.travel.reach import unreachable

NAN = float("nan")
PLACES = [place(name, 0, number) for number, name in enumerate("abcd")]


def codes(seconds: list[list[float]]) -> list[tuple[str, dict[str, object]]]:
    return [(found.code, dict(found.values)) for found in unreachable(PLACES, np.array(seconds))]


def test_all_reached_is_nothing_to_say() -> None:
    assert codes([[0, 1, 1, 1], [1, 0, 1, 1], [1, 1, 0, 1], [1, 1, 1, 0]]) == []


def test_a_place_without_a_way_back_is_named() -> None:
    one_way = [[0, 1, 1, 5], [1, 0, 1, 5], [1, 1, 0, 5], [NAN, NAN, NAN, 0]]
    assert codes(one_way) == [("travel.place.unreachable", {"id": "d"})]


def test_a_single_pair_is_named_when_both_places_are_joined_otherwise() -> None:
    hole = [[0, NAN, 1, 1], [1, 0, 1, 1], [1, 1, 0, 1], [1, 1, 1, 0]]
    assert codes(hole) == [("travel.pair.unreachable", {"origin": "a", "destination": "b"})]
