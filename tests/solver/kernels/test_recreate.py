"""Putting visits back."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dispatch.solver.kernels.recreate import sort_by


@given(st.lists(st.floats(allow_nan=False), unique=True))
def test_sorts_as_numpy_does(keys: list[float]) -> None:
    given_keys = np.asarray(keys, dtype=np.float64)
    values = np.arange(len(keys))
    expected = np.argsort(given_keys)
    sort_by(given_keys, values)
    assert values.tolist() == expected.tolist()
    assert given_keys.tolist() == sorted(keys)
