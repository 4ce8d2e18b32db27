"""Giving several things to several people: as the slow way of trying everything has it."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from dispatch.planning.match import match

Costs = dict[tuple[str, str], int]


def best(costs: Costs) -> tuple[int, int]:
    """The most things that can be given, and what that costs at least, by trying everything."""
    things = sorted({thing for thing, _ in costs})
    people = sorted({person for _, person in costs}) + [""] * len(things)
    found = (0, 0)
    for order in set(permutations(people, len(things))):
        pairs = [pair for pair in zip(things, order, strict=True) if pair[1] and pair in costs]
        found = max(found, (len(pairs), -sum(costs[pair] for pair in pairs)))
    return found[0], -found[1]


def drawn(seed: int) -> Costs:
    generator = np.random.default_rng(seed)
    things, people = generator.integers(1, 5, 2)
    return {
        (f"O{thing}", f"T{person}"): int(generator.integers(-1_000, 1_000))
        for thing in range(things)
        for person in range(people)
        if generator.random() < 0.6
    }


@pytest.mark.parametrize("seed", range(60))
def test_as_many_as_can_be_at_the_least_cost(seed: int) -> None:
    costs = drawn(seed)
    pairs = match(costs)
    assert len(set(pairs.values())) == len(pairs)
    cost = sum(costs[thing, person] for thing, person in pairs.items())
    assert (len(pairs), cost) == best(costs)


def test_nothing_is_given_where_there_is_nothing() -> None:
    assert match({}) == {}


def test_a_dear_pair_is_better_than_none() -> None:
    """The cheap pair alone would leave the other offer to nobody."""
    costs = {("O1", "T1"): 0, ("O1", "T2"): 10**9, ("O2", "T1"): 10**9}
    assert match(costs) == {"O1": "T2", "O2": "T1"}
