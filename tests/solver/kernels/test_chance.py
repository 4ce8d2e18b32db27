"""Random numbers for kernels."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from numba import njit

from dispatch.solver.kernels.chance import Chance, below, chance, gap, uniform

DRAWS = 20_000
SIDES = 7


@njit(cache=True)
def drawn(luck: Chance, uniforms: npt.NDArray[np.float64], sides: npt.NDArray[np.int64]) -> None:
    for at in range(len(uniforms)):
        uniforms[at] = uniform(luck)
    for at in range(len(sides)):
        sides[at] = below(luck, 7)


def stream(seed: int) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    uniforms, sides = np.empty(DRAWS), np.empty(DRAWS, dtype=np.int64)
    drawn(chance(seed), uniforms, sides)
    return uniforms, sides


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_all_parts_are_equally_likely(seed: int) -> None:
    uniforms, sides = stream(seed)
    assert uniforms.min() >= 0
    assert uniforms.max() < 1
    assert set(sides.tolist()) == set(range(SIDES))
    for counts in (np.bincount((uniforms * 20).astype(int)), np.bincount(sides)):
        expected = DRAWS / len(counts)
        chi_square = float(((counts - expected) ** 2 / expected).sum())
        # Of 19 degrees of freedom, 43.8 is passed once in a thousand times.
        assert chi_square < 43.8
    following = np.corrcoef(uniforms[:-1], uniforms[1:])[0, 1]
    assert abs(following) < 4 / np.sqrt(DRAWS)


def test_a_seed_repeats_its_stream_and_no_other() -> None:
    for one, two in zip(stream(5), stream(5), strict=True):
        assert (one == two).all()
    assert (stream(5)[0] != stream(6)[0]).any()


@njit(cache=True)
def gaps(luck: Chance, found: npt.NDArray[np.int64], chance_of_each: float) -> None:
    for at in range(len(found)):
        found[at] = gap(luck, chance_of_each)


def test_gaps_are_as_long_as_their_chance_says() -> None:
    found = np.empty(DRAWS, dtype=np.int64)
    gaps(chance(3), found, 0.2)
    assert found.min() == 0
    assert found.mean() == pytest.approx(0.8 / 0.2, rel=0.05)
    assert (found == 0).mean() == pytest.approx(0.2, rel=0.05)


def test_what_never_happens_is_far_away() -> None:
    found = np.empty(1, dtype=np.int64)
    gaps(chance(3), found, 0.0)
    assert found[0] > 2**60
