"""Drawing from plain Python values with a numpy generator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

import numpy as np

_Value = TypeVar("_Value")


def one(rng: np.random.Generator, values: Sequence[_Value]) -> _Value:
    """One of the values, each as likely."""
    return values[int(rng.integers(len(values)))]


def some(rng: np.random.Generator, values: Sequence[_Value], count: int) -> list[_Value]:
    """``count`` different ones (all of them if there are fewer), in random order."""
    chosen = rng.permutation(len(values))[: max(count, 0)]
    return [values[int(index)] for index in chosen]


def weighted(rng: np.random.Generator, weights: Mapping[_Value, float]) -> _Value:
    """One of the keys, as likely as its weight says."""
    values = list(weights)
    shares = np.array([weights[value] for value in values], dtype=np.float64)
    return values[int(rng.choice(len(values), p=shares / shares.sum()))]


def chance(rng: np.random.Generator, share: float) -> bool:
    """True in this share of the calls."""
    return bool(rng.random() < share)


def apportion(shares: Mapping[_Value, float], count: int) -> list[_Value]:
    """``count`` values in proportion to their shares, by largest remainders (Hamilton's rule)."""
    total = sum(shares.values())
    exact = {value: count * share / total for value, share in shares.items()}
    seats = {value: int(part) for value, part in exact.items()}
    by_remainder = sorted(exact, key=lambda value: seats[value] - exact[value])
    for value in by_remainder[: count - sum(seats.values())]:
        seats[value] += 1
    return [value for value, number in seats.items() for _ in range(number)]
