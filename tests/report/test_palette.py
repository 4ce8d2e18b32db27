from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.report.palette import COLOURS, ink_on, spread

Triple = npt.NDArray[np.float64]

# Machado, Oliveira and Fernandes, A physiologically-based model for simulation of color vision
# deficiency, IEEE TVCG 15(6), 2009: severity 1.
EYES = {
    "usual": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
TOLD_APART = 12.0
"""CIE 1976 colour difference; 2.3 is just noticeable."""


def linear(colour: str) -> Triple:
    channels = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def lab(light: Triple) -> Triple:
    white = TO_XYZ @ np.ones(3)
    parts = (TO_XYZ @ light) / white
    x, y, z = np.where(parts > 0.008856, np.cbrt(parts), 7.787 * parts + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("eyes", EYES)
def test_every_two_colours_are_told_apart(eyes: str) -> None:
    seen = [lab(np.clip(EYES[eyes] @ linear(colour), 0, 1)) for colour in COLOURS]
    assert min(np.linalg.norm(one - other) for one, other in combinations(seen, 2)) > TOLD_APART


@pytest.mark.parametrize("colour", COLOURS)
def test_numbers_on_a_colour_can_be_read(colour: str) -> None:
    light = float(np.array([0.2126, 0.7152, 0.0722]) @ linear(colour))
    ink = 1.0 if ink_on(colour) == "#ffffff" else 0.0
    brighter, darker = max(light, ink), min(light, ink)
    assert (brighter + 0.05) / (darker + 0.05) >= 4.5


points = st.tuples(st.floats(-1e4, 1e4), st.floats(-1e4, 1e4)).map(np.array)


@given(st.lists(points, max_size=len(COLOURS)))
def test_a_few_routes_all_differ(centres: list[Triple]) -> None:
    assert len(set(spread(centres))) == len(centres)


@given(st.lists(points, min_size=2, max_size=60))
def test_neighbours_in_the_list_differ(centres: list[Triple]) -> None:
    chosen = spread(centres)
    assert all(one != other for one, other in pairwise(chosen))


def test_equal_colours_lie_far_apart() -> None:
    centres = [np.array([column * 1000.0, row * 1000.0]) for row in range(6) for column in range(6)]
    chosen = spread(centres)
    same = [
        float(np.hypot(*(centres[one] - centres[other])))
        for one, other in combinations(range(36), 2)
        if chosen[one] == chosen[other]
    ]
    assert min(same) > 1000
