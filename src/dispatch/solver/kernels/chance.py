"""Random numbers in a kernel: quick, and the same everywhere from the same seed.

The generator is xorshift64 with the triple (13, 7, 17) of Marsaglia, Journal of Statistical
Software 8(14), 2003. Its state is an array of one word, so that every kernel draws from one
stream; numpy's generator costs several times as much in a kernel, and long to compile.
"""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from numba import njit

Chance: TypeAlias = npt.NDArray[np.uint64]
"""(1,) the state, never 0"""

_UNIT = 1.0 / 2**53
_NEVER = 2**62


def chance(seed: int) -> Chance:
    """A stream that depends on ``seed`` alone."""
    return np.random.default_rng(seed).integers(1, 2**63, size=1, dtype=np.uint64)


@njit(cache=True, inline="always")
def uniform(state: Chance) -> float:
    """From 0 up to, but not, 1."""
    x = state[0]
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    state[0] = x
    return float(x >> np.uint64(11)) * _UNIT


@njit(cache=True, inline="always")
def below(state: Chance, count: int) -> int:
    """A whole number from 0 to ``count - 1``."""
    return int(uniform(state) * count)


@njit(cache=True, inline="always")
def gap(state: Chance, chance_of_each: float) -> int:
    """How many pass before the next is struck, if each is by itself with this chance."""
    if chance_of_each <= 0:
        return _NEVER
    return int(math.log(1.0 - uniform(state)) / math.log(1.0 - chance_of_each))
