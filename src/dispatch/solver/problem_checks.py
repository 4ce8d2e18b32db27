"""What no problem may say, though each of its fields alone is right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dispatch.errors import Finding
from dispatch.solver.arrays import Refused

if TYPE_CHECKING:
    from dispatch.solver.problem import Problem, Ragged

FASTEST_M_PER_S = 200 / 3.6
"""No vehicle is faster; a matrix that says so is wrong."""


def contradictions(problem: Problem) -> list[Finding]:
    """Every contradiction in a problem whose fields have been read."""
    return [refused.finding for check in _CHECKS for refused in check(problem)]


def _diagonal(problem: Problem) -> list[Refused]:
    return [
        Refused("diagonal", name)
        for name in ("travel_s", "distance_m")
        if np.diagonal(getattr(problem, name), axis1=1, axis2=2).any()
    ]


def _speed(problem: Problem) -> list[Refused]:
    for profile, place in np.ndindex(problem.travel_s.shape[:2]):  # row by row, to save memory
        seconds, metres = problem.travel_s[profile, place], problem.distance_m[profile, place]
        # Rounding to whole seconds may make a short way look fast: allow it the second it lost.
        fast = metres > FASTEST_M_PER_S * (seconds + 1.0)
        if fast.any():
            at = int(np.argmax(fast))
            return [
                Refused(
                    "speed",
                    "travel_s",
                    at=str((profile, place, at)),
                    metres=int(metres[at]),
                    seconds=int(seconds[at]),
                )
            ]
    return []


def _order(problem: Problem) -> list[Refused]:
    vehicles, breaks, links = problem.vehicles, problem.breaks, problem.links
    published = problem.published
    pairs = (
        ("vehicles/end_s", vehicles.earliest_s, vehicles.end_s),
        ("vehicles/latest_s", vehicles.end_s, vehicles.latest_s),
        ("breaks/latest_s", breaks.earliest_s, breaks.latest_s),
        ("links/max_delay_s", links.min_delay_s, links.max_delay_s),
        ("published/promised_end_s", published.promised_start_s, published.promised_end_s),
        ("visits/windows/end_s", problem.visits.windows.start_s, problem.visits.windows.end_s),
        (
            "visits/preferred/end_s",
            problem.visits.preferred.start_s,
            problem.visits.preferred.end_s,
        ),
    )
    return [
        Refused("reversed", field, at=int(np.nonzero(low > high)[0][0]))
        for field, low, high in pairs
        if (low > high).any()
    ]


def _ragged_order(problem: Problem) -> list[Refused]:
    found = []
    for name, least in (("windows", 1), ("preferred", 0)):
        ragged: Ragged = getattr(problem.visits, name)
        field = f"visits/{name}/offset"
        counts = np.diff(ragged.offset)
        ends = ragged.offset[[0, -1]].tolist()
        if (counts < least).any() or ends != [0, len(ragged.start_s)]:
            found.append(Refused("offsets", field, least=least))
            continue
        same_visit = np.ones(max(len(ragged.start_s) - 1, 0), dtype=np.bool_)
        firsts = ragged.offset[1:-1]
        same_visit[firsts[(firsts > 0) & (firsts < len(ragged.start_s))] - 1] = False
        if (same_visit & (ragged.end_s[:-1] >= ragged.start_s[1:])).any():
            found.append(Refused("overlap", field))
    return found


def _grouping(problem: Problem) -> list[Refused]:
    group = problem.visits.group
    steps = np.diff(group, prepend=-1, append=problem.group_count)
    if ((steps < 0) | (steps > 1)).any() or steps[-1] != 1:
        return [Refused("grouping", "visits/group")]
    return []


def _sorted_breaks(problem: Problem) -> list[Refused]:
    keys = np.lexsort((problem.breaks.earliest_s, problem.breaks.vehicle))
    return [] if (np.diff(keys) == 1).all() else [Refused("unsorted", "breaks/vehicle")]


def _sorted_published(problem: Problem) -> list[Refused]:
    ascending = (np.diff(problem.published.visit) > 0).all()
    return [] if ascending else [Refused("not-ascending", "published/visit")]


def _sorted_speeds(problem: Problem) -> list[Refused]:
    profile, from_s = problem.speeds.profile, problem.speeds.from_s
    step = np.diff(profile)
    ascending = ((step > 0) | ((step == 0) & (np.diff(from_s) > 0))).all()
    return [] if ascending else [Refused("speed-steps", "speeds/from_s")]


def _self_links(problem: Problem) -> list[Refused]:
    same = problem.links.before == problem.links.after
    return [Refused("self-link", "links/after", at=int(np.argmax(same)))] if same.any() else []


_CHECKS = (
    _diagonal,
    _speed,
    _order,
    _ragged_order,
    _grouping,
    _sorted_breaks,
    _sorted_published,
    _sorted_speeds,
    _self_links,
)
