"""How far apart vehicles work: by the way between them, and by the skills they share."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from dispatch.solver.arrays import Ints
from dispatch.solver.problem import Problem

Floats = npt.NDArray[np.float32]

SAMPLE = 2_000
"""Visits by which skills are compared; on bigger days every n-th."""


def centres(problem: Problem, routes: Sequence[Ints]) -> Ints:
    """(vehicles,) a place in the midst of each route, where an unused one starts or ends, or -1."""
    vehicles = problem.vehicles
    places = np.where(vehicles.start_place >= 0, vehicles.start_place, vehicles.end_place)
    for vehicle, row in enumerate(routes):
        stops = problem.visits.place[row[row < problem.visit_count]]
        if len(stops):
            ways = problem.travel_s[vehicles.profile[vehicle]][np.ix_(stops, stops)]
            places[vehicle] = stops[int(ways.sum(axis=1, dtype=np.int64).argmin())]
    return places


def unlike_skills(problem: Problem) -> Floats:
    """(vehicles, vehicles) the part of the visits of one that the other may not do, 0 to 1."""
    allowed = problem.visits.allowed[:: 1 + problem.visit_count // SAMPLE].astype(np.float32)
    both = allowed.T @ allowed
    own = np.maximum(1, np.diagonal(both))
    return 1 - (both / np.minimum.outer(own, own)).astype(np.float32)


def ways_apart(problem: Problem, places: Ints) -> Floats:
    """(vehicles, vehicles) the way between their places there and back, 1 being the mean.

    Who works nowhere yet is as far from everybody as usual.
    """
    ways = problem.travel_s[0][np.ix_(places, places)].astype(np.float32)
    ways += ways.T.copy()
    nowhere = places < 0
    known = ways[np.ix_(~nowhere, ~nowhere)]
    mean = max(1.0, float(known.mean())) if known.size else 1.0
    ways[nowhere] = mean
    ways[:, nowhere] = mean
    apart: Floats = ways / np.float32(mean)
    return apart


def halves(
    apart: Floats, rng: np.random.Generator, members: Ints, share: float
) -> tuple[Ints, Ints]:
    """Two sets of vehicles that lie towards two far ends; ``share`` of them in the first."""
    ends = apart[np.ix_(members, members)]
    one = int(rng.integers(len(members)))
    far = np.argsort(-ends[one], kind="stable")[: max(1, len(members) // 4)]
    other = int(rng.choice(far))
    order = np.argsort(ends[one] - ends[other], kind="stable")
    count = round(share * len(members))
    return np.sort(members[order[:count]]), np.sort(members[order[count:]])


def areas(apart: Floats, count: int, rng: np.random.Generator) -> list[Ints]:
    """All vehicles in ``count`` sets of about one size, halved again and again."""
    sets: list[Ints] = []
    open_sets = [(np.arange(len(apart)), count)]
    while open_sets:
        members, parts = open_sets.pop()
        if parts == 1 or len(members) < 2:
            sets.append(members)
            continue
        first = parts // 2
        one, other = halves(apart, rng, members, first / parts)
        open_sets += [(other, parts - first), (one, first)]
    return [members for members in sets if len(members)]
