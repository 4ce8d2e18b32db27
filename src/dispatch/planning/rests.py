"""Where breaks are taken, for routes of which only the visits are known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np

from dispatch.planning.compile import Compiled
from dispatch.solver.arrays import Ints
from dispatch.solver.timing import Timed, Timekeeper

MOST_RESTS = 2
"""In one route; of more there are too many ways to try them all."""


def rested(compiled: Compiled, rows: Sequence[Ints]) -> tuple[Sequence[Ints], Timed]:
    """The routes with their breaks where they can be taken, as far as there are such places.

    Parameters
    ----------
    rows
        For each vehicle its activities, as :func:`dispatch.planning.encode.encode` has them. The
        order of its visits stays.

    Returns
    -------
    tuple
        The rows, and how they are timed; without a solution if a rule is broken all the same.
    """
    keeper = Timekeeper(compiled.problem)
    timed = keeper.time(rows)
    tried: set[int] = set()
    while timed.solution is None:
        broken = {found.vehicle for found in timed.violations if found.vehicle >= 0} - tried
        if not broken:
            break
        vehicle = min(broken)
        tried.add(vehicle)
        for row in other_rests(compiled, rows[vehicle]):
            moved = [*rows[:vehicle], row, *rows[vehicle + 1 :]]
            again = keeper.time(moved)
            if all(found.vehicle != vehicle for found in again.violations):
                rows, timed = moved, again
                break
    return rows, timed


def other_rests(compiled: Compiled, row: Ints) -> Iterator[Ints]:
    """The row with its breaks at every other place."""
    first_break = len(compiled.visits)
    rests = [int(at) for at in row if at >= first_break]
    stops = [int(at) for at in row if at < first_break]
    if not 1 <= len(rests) <= MOST_RESTS:
        return
    for places in product(range(len(stops) + 1), repeat=len(rests)):
        tried = list(stops)
        for rest, place in sorted(zip(rests, places, strict=True), key=lambda at: -at[1]):
            tried.insert(place, rest)
        yield np.asarray(tried, dtype=np.int64)
