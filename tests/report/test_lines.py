from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dispatch.report.lines import (
    Line,
    clipped,
    encoded,
    frame_around,
    joined,
    simplified,
    surroundings,
)

metres = st.integers(-40_000, 40_000)
lines = st.lists(st.tuples(metres, metres), min_size=1, max_size=30).map(
    lambda points: np.array(points, dtype=np.float64)
)
FRAME = (-10_000.0, -8_000.0, 10_000.0, 8_000.0)


def decoded(text: str) -> list[tuple[int, int]]:
    """As the page's script does it."""
    numbers, number, shift = [], 0, 0
    for letter in text:
        bits = ord(letter) - 63
        number |= (bits & 31) << shift
        shift += 5
        if bits < 32:
            numbers.append(~(number >> 1) if number & 1 else number >> 1)
            number = shift = 0
    points = np.array(numbers).reshape(-1, 2).cumsum(axis=0)
    return [(int(x), int(y)) for x, y in points]


def away_m(point: Line, line: Line) -> float:
    """From a point to a line, one segment after another."""
    return min(_from_segment_m(point, start, end) for start, end in pairwise(line))


def _from_segment_m(point: Line, start: Line, end: Line) -> float:
    along = end - start
    length2 = float(along @ along)
    part = min(1.0, max(0.0, float((point - start) @ along) / length2)) if length2 else 0.0
    return float(np.hypot(*(point - start - part * along)))


@given(lines)
def test_an_encoded_line_comes_back(line: Line) -> None:
    text = encoded(line)
    assert decoded(text) == [(int(x), int(y)) for x, y in line]
    assert text.isascii()
    assert not set(text) & set("<>&\"'")


def test_the_encoding_is_that_of_encoded_polylines() -> None:
    assert encoded(np.array([(3850000.0, -12020000.0)])) == "_p~iF~ps|U"


@given(lines, st.floats(1, 5_000))
def test_a_simplified_line_stays_near_every_old_point(line: Line, tolerance_m: float) -> None:
    short = simplified(line, tolerance_m)
    assert len(short) <= len(line)
    assert (short[0] == line[0]).all()
    assert (short[-1] == line[-1]).all()
    if len(short) > 1:
        assert all(away_m(point, short) <= tolerance_m + 1e-6 for point in line)


def test_a_straight_line_needs_two_points() -> None:
    line = np.array([(float(step), 2.0 * step) for step in range(50)])
    assert len(simplified(line, 1)) == 2


@given(lines)
def test_no_point_inside_the_frame_is_cut_away(line: Line) -> None:
    west, north, east, south = FRAME
    kept = {tuple(point) for part in clipped(line, FRAME) for point in part}
    if len(line) > 1:
        inside = {(x, y) for x, y in line if west <= x <= east and north <= y <= south}
        assert inside <= kept
    assert all(len(part) > 1 for part in clipped(line, FRAME))


def test_a_line_far_away_is_cut_away() -> None:
    far = np.array([(20_000.0, 0.0), (30_000.0, 0.0)])
    assert list(clipped(far, FRAME)) == []


def test_frames() -> None:
    points = np.array([(0.0, 0.0), (1000.0, 400.0)])
    assert frame_around(points, 0.1, 10) == (-100, -100, 1100, 500)
    assert frame_around(joined([]), 0.1, 10) == (-10, -10, 10, 10)
    west, north, east, south = surroundings((0, 0, 1000, 400))
    assert (east - west, south - north) == (2000, 2000)
