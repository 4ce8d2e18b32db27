from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.demo.draw import apportion, one, some, weighted

SHARES = st.dictionaries(st.text(min_size=1), st.floats(0.01, 100), min_size=1, max_size=12)


@given(shares=SHARES, count=st.integers(0, 300))
def test_apportioning_gives_out_everything_within_one_of_the_exact_part(
    shares: dict[str, float], count: int
) -> None:
    given_out = apportion(shares, count)
    assert len(given_out) == count
    for value, share in shares.items():
        exact = count * share / sum(shares.values())
        assert abs(given_out.count(value) - exact) < 1 + 1e-9


def test_some_takes_different_ones_and_never_more_than_there_are() -> None:
    rng = np.random.default_rng(1)
    assert sorted(some(rng, "abc", 9)) == ["a", "b", "c"]
    assert some(rng, "abc", 0) == []


@pytest.mark.parametrize("seed", range(3))
def test_a_weight_of_nothing_is_never_drawn(seed: int) -> None:
    rng = np.random.default_rng(seed)
    assert {weighted(rng, {"often": 1.0, "never": 0.0}) for _ in range(50)} == {"often"}
    assert one(rng, ["only"]) == "only"
