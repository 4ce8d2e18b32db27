from __future__ import annotations

from collections import deque
from itertools import pairwise

import networkx as nx
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.oracles.road_times import road_seconds
from tests.travel.towns import METRE, town

from dispatch.travel.ellipsoid import earth_centred
from dispatch.travel.road.contract import contracted
from dispatch.travel.road.graph import road_graph
from dispatch.travel.road.line import line_through
from dispatch.travel.road.network import RoadNetwork
from dispatch.travel.road.profile import CAR
from dispatch.travel.road.search import fastest, seconds_and_metres, weights, with_places
from dispatch.travel.road.snap import Snapped, Snapper
from dispatch.travel.road.ways import Extract

TAGS = (
    {},
    {"oneway": "yes"},
    {"oneway": "-1"},
    {"junction": "roundabout"},
    {"highway": "primary"},
    {"highway": "primary", "oneway": "yes", "maxspeed": "30"},
)


@st.composite
def towns(draw: st.DrawFn) -> Extract:
    """Crossing, bending, one-way and two-way streets, loops and dead ends."""
    generator = np.random.default_rng(draw(st.integers(0, 2**32)))
    count = draw(st.integers(3, 14))
    corners = dict(enumerate(map(tuple, generator.uniform(0, 2000, (count, 2)).tolist())))
    ways = draw(
        st.lists(
            st.tuples(
                st.lists(st.integers(0, count - 1), min_size=2, max_size=6), st.sampled_from(TAGS)
            ),
            min_size=2,
            max_size=9,
        )
    )
    return town(corners, ways)


def searched(
    network: RoadNetwork, places: npt.NDArray[np.float64]
) -> tuple[Snapped, npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    snapped = Snapper(network).snap(places)
    arcs = with_places(network, snapped)
    blocks = list(fastest(arcs, network.junctions, len(places)))
    seconds, metres = (np.vstack(parts) for parts in zip(*blocks, strict=True))
    return snapped, seconds, metres


@given(towns(), st.integers(0, 2**32), st.integers(1, 8))
def test_the_search_agrees_with_networkx_on_the_uncontracted_graph(
    extract: Extract, seed: int, count: int
) -> None:
    graph = road_graph(extract, CAR)
    # Of two parts of one size each may choose another.
    assume(is_only_largest_part(graph))
    places = np.random.default_rng(seed).uniform(-200, 2200, (count, 2)) * METRE
    expected, expected_snap = road_seconds(graph, places)
    network = contracted(graph)
    snapped, seconds, metres = searched(network, places)
    np.testing.assert_allclose(snapped.distance_m, expected_snap, atol=1e-6)
    # Each arc is rounded to a hundredth of a second.
    np.testing.assert_allclose(seconds, expected, atol=0.005 * (len(network.start) + count) + 1e-6)
    off_diagonal = ~np.eye(count, dtype=np.bool_)
    crow = np.linalg.norm(
        earth_centred(snapped.degrees)[:, None] - earth_centred(snapped.degrees), axis=2
    )
    assert np.all(metres[off_diagonal] >= crow[off_diagonal] - 0.1 * (len(network.start) + count))


@given(towns(), st.integers(0, 2**32))
def test_the_line_is_as_long_as_the_matrix_says(extract: Extract, seed: int) -> None:
    graph = road_graph(extract, CAR)
    assume(max(map(len, nx.strongly_connected_components(graph)), default=0) > 1)
    network = contracted(graph)
    places = np.random.default_rng(seed).uniform(0, 2000, (4, 2)) * METRE
    snapped, _, metres = searched(network, places)
    points = earth_centred(line_through(network, snapped))
    length = np.linalg.norm(np.diff(points, axis=0), axis=1).sum()
    legs = sum(metres[leg] for leg in pairwise(range(len(places))))
    assert length == pytest.approx(legs, abs=0.1 * (len(network.start) + len(places)) * 3)


def is_only_largest_part(graph: nx.DiGraph[int]) -> bool:
    sizes = [0, 0, *sorted(map(len, nx.strongly_connected_components(graph)))]
    return sizes[-1] > max(1, sizes[-2])


def test_metres_are_those_of_the_fastest_way_and_not_the_shortest() -> None:
    extract = town(
        {1: (0, 0), 2: (0, 1000), 3: (800, 500)},
        [([1, 2], {"highway": "living_street"}), ([1, 3, 2], {"highway": "primary"})],
    )
    network = contracted(road_graph(extract, CAR))
    places = np.array([(0, 0), (0, 1000)]) * METRE
    _, seconds, metres = searched(network, places)
    assert metres[0, 1] == pytest.approx(2 * np.hypot(800, 500), rel=0.01)
    assert seconds[0, 1] == pytest.approx(metres[0, 1] / (60 / 3.6), rel=0.01)


def test_a_one_way_street_is_left_by_the_way_round_it() -> None:
    square = {1: (0, 0), 2: (0, 1000), 3: (1000, 1000), 4: (1000, 0)}
    network = contracted(road_graph(town(square, [([1, 2, 3, 4, 1], {"oneway": "yes"})]), CAR))
    places = np.array([(0, 300), (0, 700)]) * METRE
    _, _, metres = searched(network, places)
    assert metres[0, 1] == pytest.approx(400, rel=0.01)
    assert metres[1, 0] == pytest.approx(3600, rel=0.01)


def test_two_places_at_one_point_of_a_one_way_street_need_no_way_round() -> None:
    square = {1: (0, 0), 2: (0, 1000), 3: (1000, 1000), 4: (1000, 0)}
    network = contracted(road_graph(town(square, [([1, 2, 3, 4, 1], {"oneway": "yes"})]), CAR))
    _, seconds, metres = searched(network, np.array([(30, 500), (-30, 500), (0, 500)]) * METRE)
    assert seconds.max() == 0
    assert metres.max() < 1


def test_progress_rises_to_one() -> None:
    network = contracted(road_graph(town({1: (0, 0), 2: (0, 900)}, [([1, 2], {})]), CAR))
    snapped = Snapper(network).snap(np.linspace((0, 0), (0, 900), 120) * METRE)
    reported: list[float] = []
    deque(fastest(with_places(network, snapped), network.junctions, 120, reported.append))
    assert reported == sorted(reported)
    assert len(reported) > 1
    assert reported[-1] == 1


@given(st.lists(st.tuples(st.floats(0, 1000), st.floats(0, 50_000)), min_size=1, max_size=50))
def test_both_sums_come_out_of_one_number(legs: list[tuple[float, float]]) -> None:
    seconds, metres = np.array(legs).T
    both = seconds_and_metres(np.array([weights(seconds, metres).sum()]))
    assert both[0][0] == pytest.approx(seconds.sum(), abs=0.005 * len(legs) + 1e-6)
    assert both[1][0] == pytest.approx(metres.sum(), abs=0.1 * len(legs) + 1e-6)
