"""Which visits go into which part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from dispatch.solver.arrays import Bools, Ints
from dispatch.solver.problem import Problem
from dispatch.solver.solution import ABSENT, Solution

FULL = 1.1
"""A part takes so much more than its share of the work before others are asked."""
Floats = npt.NDArray[np.floating[Any]]

FAR = np.float32(1e12)
"""Where nobody may do it."""


@dataclass(frozen=True, slots=True, eq=False)
class Share:
    """A part as numbers of the whole."""

    vehicles: Ints
    visits: Ints
    """Ascending."""
    held: Bools
    """(visits,) tied to a visit that is elsewhere"""


def bundles(problem: Problem) -> Ints:
    """(visits,) the number of the bundle of each: visits of one job, or tied, have the same."""
    count, group = problem.visit_count, problem.visits.group
    same_group = np.flatnonzero(np.diff(group) == 0)
    one = np.concatenate((problem.links.before, same_group))
    other = np.concatenate((problem.links.after, same_group + 1))
    graph = coo_array((np.ones(len(one), np.int8), (one, other)), shape=(count, count))
    return connected_components(graph, directed=False)[1].astype(np.int64)


def shares(
    problem: Problem,
    plan: Solution,
    bundle: Ints,
    areas: Sequence[Ints],
    places: Ints,
    *,
    hold_tied: bool = False,
) -> list[Share]:
    """A share for each area: its routes' visits, and those unserved that are nearest to it.

    A bundle that several areas serve is held, and so is one of which something is unserved that
    only others may do: that is in any area that is able, and else where the rest is served.

    Parameters
    ----------
    bundle
        (visits,) from `bundles`.
    areas
        The vehicles of each part.
    places
        (vehicles,) where each works, or -1.
    hold_tied
        Hold every visit that is tied to others: a part without ties is searched much quicker.
    """
    area_of = np.empty(problem.vehicle_count, dtype=np.int64)
    for number, vehicles in enumerate(areas):
        area_of[vehicles] = number
    served = plan.vehicle != ABSENT
    part = np.where(served, area_of[plan.vehicle], ABSENT)
    first, last = _range(bundle[served], part[served], int(bundle.max(initial=-1)) + 1)
    home = first[bundle]
    rest = np.flatnonzero(~served & (home != ABSENT))
    torn = (first != last)[bundle] | np.isin(bundle, bundle[_strange(problem, rest, area_of, home)])
    if hold_tied:
        torn |= np.isin(bundle, bundle[problem.links.before])
    settled = rest[~torn[rest]]
    part[settled] = home[settled]
    # What is wholly left out waits for a round in which its like may move.
    loose = np.flatnonzero((part == ABSENT) & ~(torn & (home == ABSENT)))
    loose = loose[np.isin(bundle[loose], bundle[loose[_doable(problem, loose)]])]
    away = _away(problem, loose, areas, places)
    part[loose] = _spread(bundle[loose], away, _work(problem, loose), _room(problem, part, areas))
    nowhere = loose[part[loose] == ABSENT]
    part[nowhere] = home[nowhere]
    found = []
    for number, vehicles in enumerate(areas):
        visits = np.flatnonzero(part == number)
        found.append(Share(vehicles, visits, (torn & served)[visits]))
    return found


def _doable(problem: Problem, visits: Ints) -> Bools:
    """Whether anybody at all may do each."""
    doable: Bools = np.any(problem.visits.allowed[visits], axis=1)
    return doable


def _strange(problem: Problem, visits: Ints, area_of: Ints, home: Ints) -> Ints:
    """Those that somebody may do, but nobody in their home."""
    here = problem.visits.allowed[visits] & (area_of == home[visits, None])
    strange: Ints = visits[_doable(problem, visits) & ~np.any(here, axis=1)]
    return strange


def _range(bundle: Ints, part: Ints, count: int) -> tuple[Ints, Ints]:
    """The lowest and the highest part that serves something of each bundle, or ABSENT."""
    lowest = np.full(count, np.iinfo(np.int64).max)
    highest = np.full(count, ABSENT, dtype=np.int64)
    np.minimum.at(lowest, bundle, part)
    np.maximum.at(highest, bundle, part)
    return np.where(highest == ABSENT, ABSENT, lowest), highest


def _work(problem: Problem, visits: Ints) -> Floats:
    seconds: Floats = np.median(problem.visits.duration_s[visits], axis=1)
    return seconds + problem.visits.setup_s[visits]


def _room(problem: Problem, part: Ints, areas: Sequence[Ints]) -> Floats:
    """(areas,) seconds of work that each may still take on: its share of all, less what it has."""
    vehicles = problem.vehicles
    hours = (vehicles.end_s - vehicles.earliest_s).astype(np.float64)
    everything = np.arange(problem.visit_count)
    work = _work(problem, everything)
    fair = np.array([hours[members].sum() for members in areas]) / max(1.0, hours.sum())
    has = np.bincount(part[part != ABSENT], work[part != ABSENT], minlength=len(areas))
    room: Floats = FULL * work.sum() * fair - has
    return room


def _spread(bundle: Ints, away: Floats, work: Floats, room: Floats) -> Ints:
    """(visits,) the nearest area that has room, for a whole bundle; ABSENT if there is none.

    Those choose first that would lose most elsewhere.

    Parameters
    ----------
    bundle, away, work
        (visits,), (visits, areas) and (visits,) seconds.
    room
        (areas,) seconds; what is taken goes off.
    """
    _, inverse = np.unique(bundle, return_inverse=True)
    count = int(inverse.max(initial=-1)) + 1
    distance = np.zeros((count, len(room)), dtype=np.float32)
    np.add.at(distance, inverse, away)
    seconds = np.bincount(inverse, work, minlength=count)
    chosen = np.full(count, ABSENT, dtype=np.int64)
    ranked = np.sort(distance, axis=1)
    regret = ranked[:, min(1, len(room) - 1)] - ranked[:, 0]
    for number in np.argsort(-regret, kind="stable").tolist():
        able = distance[number] < FAR
        free = able & (room >= seconds[number])
        if able.any():
            wanted = np.where(free if free.any() else able, distance[number], np.inf)
            chosen[number] = int(np.argmin(wanted))
            room[chosen[number]] -= seconds[number]
    return chosen[inverse]


def _away(problem: Problem, visits: Ints, areas: Sequence[Ints], places: Ints) -> Floats:
    """(visits, areas) the way to the nearest vehicle that may do it, or FAR.

    What nobody at all may do is everywhere at home: it goes with what it is tied to.
    """
    ways = problem.travel_s[0][np.ix_(problem.visits.place[visits], places)].astype(np.float32)
    known = places >= 0
    ways[:, ~known] = ways[:, known].mean() if known.any() and len(visits) else 0
    ways[~problem.visits.allowed[visits] & _doable(problem, visits)[:, None]] = FAR
    return np.stack([ways[:, members].min(axis=1) for members in areas], axis=1)
