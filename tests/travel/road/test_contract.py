from __future__ import annotations

import numpy as np
import pytest
from tests.travel.towns import METRE, SQUARE, town

from dispatch.travel.road.contract import contracted
from dispatch.travel.road.graph import road_graph
from dispatch.travel.road.profile import CAR


def test_bends_are_drawn_together_and_crossings_stay() -> None:
    corners = {n: (0.0, 100.0 * n) for n in range(5)} | {9: (500.0, 200.0)}
    network = contracted(road_graph(town(corners, [([0, 1, 2, 3, 4], {}), ([2, 9], {})]), CAR))
    assert network.junctions == 4  # both ends, the crossing, the dead end
    assert len(network.start) == 3
    assert network.along_m.max() == pytest.approx(500, rel=0.01)


def test_a_bare_ring_has_one_junction() -> None:
    ring = town({1: (0, 0), 2: (0, 100), 3: (100, 0)}, [([1, 2, 3, 1], {"oneway": "yes"})])
    network = contracted(road_graph(ring, CAR))
    assert network.junctions == 1
    assert network.start.tolist() == network.stop.tolist() == [0]
    assert network.forwards.tolist() == [True]
    assert network.backwards.tolist() == [False]


def test_a_two_way_loop_stands_once() -> None:
    loop = town(
        {1: (0, 0), 2: (0, 500), 3: (200, 700), 4: (-200, 700)},
        [([1, 2], {}), ([2, 3, 4, 2], {})],
    )
    network = contracted(road_graph(loop, CAR))
    assert len(network.start) == 2
    assert network.backwards.all()
    assert network.forwards.all()


def test_what_cannot_be_left_or_reached_is_stray() -> None:
    corners = {1: (0, 0), 2: (0, 100), 3: (100, 0), 4: (0, 900), 5: (900, 900), 6: (900, 950)}
    network = contracted(
        road_graph(
            town(
                corners,
                [([1, 2, 3, 1], {}), ([2, 4], {"oneway": "yes"}), ([5, 6], {})],
            ),
            CAR,
        )
    )
    assert network.vertex.max() < 101 * METRE
    stray = {(round(lat / METRE), round(lon / METRE)) for lat, lon in network.stray.tolist()}
    assert stray == {(0, 100), (0, 500), (0, 900), (900, 900), (900, 925), (900, 950)}


def test_the_faster_of_two_ways_between_two_corners_counts() -> None:
    ways = [([1, 2], {"highway": "service"}), ([1, 2], {"highway": "primary"})]
    network = contracted(road_graph(town({1: (0, 0), 2: (0, 1000)}, ways), CAR))
    assert network.kind.tolist() == ["primary"]
    assert network.forwards_s.max() == pytest.approx(60, rel=0.01)


def test_streets_that_meet_only_on_the_map_do_not_join() -> None:
    corners = {1: (0, 0), 2: (0, 1000), 3: (-500, 500), 4: (500, 500)}
    bridge = town(corners, [([1, 2], {}), ([3, 4], {})])
    assert contracted(road_graph(bridge, CAR)).junctions == 2


def test_a_footway_is_no_street_for_a_car() -> None:
    network = contracted(road_graph(SQUARE, CAR))
    assert np.unique(network.kind).tolist() == ["residential"]
