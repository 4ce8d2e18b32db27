from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.travel.polyline import decoded

corners = st.tuples(st.integers(-90_000_000, 90_000_000), st.integers(-180_000_000, 180_000_000))


def encoded(line: list[tuple[int, int]]) -> str:
    """The slow obvious twin, from the format's description."""
    text, before = "", (0, 0)
    for corner in line:
        for now, then in zip(corner, before, strict=True):
            number = (now - then) << 1 if now >= then else ~((now - then) << 1)
            while number >= 0x20:
                text += chr((0x20 | (number & 0x1F)) + 63)
                number >>= 5
            text += chr(number + 63)
        before = corner
    return text


@given(st.lists(corners, max_size=20))
def test_what_was_encoded_comes_back(line: list[tuple[int, int]]) -> None:
    points = decoded(encoded(line))
    assert [(round(p.lat * 1e6), round(p.lon * 1e6)) for p in points] == line


@pytest.mark.parametrize("text", ["_", "?", "??\x1f?", "_ibE_", "~~~~~~~~?~~~~~~~~?"])
def test_a_damaged_line_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        decoded(text)
