from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dispatch.cli.curve import BLANK, draw

POINTS = st.lists(st.tuples(st.floats(0, 100), st.floats(0, 1e12)), max_size=20).map(sorted)


@given(points=POINTS, width=st.integers(1, 40), height=st.integers(1, 5), now=st.floats(0, 200))
def test_a_curve_fills_its_frame_and_no_more(
    points: list[tuple[float, float]], width: int, height: int, now: float
) -> None:
    lines = draw(points, width=width, height=height, now=now, until=100)
    assert [len(line) for line in lines] == [width] * height
    assert all(BLANK <= ord(letter) <= BLANK + 0xFF for line in lines for letter in line)


def test_a_fall_goes_from_the_top_left_to_the_bottom_right() -> None:
    top, bottom = draw([(0, 9), (5, 1)], width=4, height=2, now=10, until=10)
    assert top == "⠉⠉⡆⠀"
    assert bottom == "⠀⠀⣇⣀"


def test_nothing_is_drawn_after_now_nor_before_the_first_point() -> None:
    (line,) = draw([(5, 9)], width=10, height=1, now=7, until=10)
    drawn = [index for index, letter in enumerate(line) if letter != chr(BLANK)]
    assert drawn == [5, 6, 7]


def test_a_level_cost_is_a_line_at_the_bottom() -> None:
    assert draw([(0, 4), (1, 4)], width=1, height=2, now=9, until=9) == ["⠀", "⣀"]
