"""Giving several things to several people at once: as many as can be given, at the least cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import numpy as np
from scipy.optimize import linear_sum_assignment

T = TypeVar("T")
P = TypeVar("P")


def match(costs: Mapping[tuple[T, P], int]) -> dict[T, P]:
    """Give each thing to one person, and each person one thing.

    First as many things as can be are given, and then at the least cost in all. The same costs in
    the same order give the same answer.

    Parameters
    ----------
    costs
        Of each person who may have a thing; what is not in it cannot be.

    References
    ----------
    D. F. Crouse, "On implementing 2D rectangular assignment algorithms", IEEE Transactions on
    Aerospace and Electronic Systems 52(4), 2016: what SciPy does.
    """
    things = list(dict.fromkeys(thing for thing, _ in costs))
    people = list(dict.fromkeys(person for _, person in costs))
    if not costs:
        return {}
    spread = max(costs.values()) - min(costs.values()) + 1
    # Whatever is given saves more than all the rest could cost.
    never = spread * (min(len(things), len(people)) + 1)
    table = np.full((len(things), len(people)), float(never))
    for (thing, person), cost in costs.items():
        table[things.index(thing), people.index(person)] = cost - min(costs.values())
    rows, columns = linear_sum_assignment(table)
    pairs = [(things[row], people[column]) for row, column in zip(rows, columns, strict=True)]
    return {thing: person for thing, person in pairs if (thing, person) in costs}
