"""What a day of the demo city has in common with VROOM's language."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TypeVar

import numpy as np

from dispatch.solver.arrays import NEVER, Ints
from dispatch.solver.problem import (
    OPEN,
    Breaks,
    Links,
    Problem,
    Ragged,
    Vehicles,
    Visits,
    nothing_published,
    same_all_day,
)

Part = TypeVar("Part", Breaks, Links)


def common_part(problem: Problem) -> Problem:
    """The problem without what VROOM cannot express.

    Skills, hard windows, set-up, loads, shifts, most visits and open ends stay. Every visit stands
    alone, takes what it takes those who may do it on average, and must be done; nothing but travel
    has a price. Breaks, ties, dues, wishes, order pins, longest routes and longest travel are gone,
    and so are shifts with neither a start place nor an end place.
    """
    vehicles = problem.vehicles
    kept = np.flatnonzero((vehicles.start_place != OPEN) | (vehicles.end_place != OPEN))
    return replace(
        problem,
        travel_s=problem.travel_s[:1],
        distance_m=problem.distance_m[:1],
        vehicles=_vehicles(vehicles, kept),
        visits=_visits(problem.visits, kept),
        unserved_price=np.full(problem.visit_count, _dearer_than_travel(problem)),
        links=_none(problem.links),
        breaks=_none(problem.breaks),
        published=nothing_published(),
        speeds=same_all_day(),
        worst_lateness_price=0,
    )


def _vehicles(vehicles: Vehicles, kept: Ints) -> Vehicles:
    nothing = np.zeros(len(kept), dtype=np.int64)
    never = np.full(len(kept), NEVER)
    as_they_are = {entry.name: getattr(vehicles, entry.name)[kept] for entry in fields(vehicles)}
    return replace(
        Vehicles(**as_they_are),
        profile=nothing,
        max_duration_s=never,
        max_travel_s=never,
        use_price=nothing,
        travel_price=nothing + 1,
        distance_price=nothing,
        time_price=nothing,
        overtime_price=nothing,
        fair_share_s=never,
        unfairness_price=nothing,
    )


def _visits(visits: Visits, kept: Ints) -> Visits:
    count = len(visits.place)
    nothing = np.zeros(count, dtype=np.int64)
    return replace(
        visits,
        group=np.arange(count),
        duration_s=np.repeat(_mean_duration_s(visits)[:, None], len(kept), axis=1),
        allowed=visits.allowed[:, kept],
        assign_price=np.zeros((count, len(kept)), dtype=np.int64),
        preferred=Ragged(
            offset=np.zeros(count + 1, dtype=np.int64), start_s=nothing[:0], end_s=nothing[:0]
        ),
        preferred_price=nothing,
        due_s=np.full(count, NEVER),
        lateness_price=nothing,
        rank=nothing - 1,
    )


def _mean_duration_s(visits: Visits) -> Ints:
    """(visits,) of those who may do it; of all where nobody may."""
    may = visits.allowed | ~visits.allowed.any(axis=1, keepdims=True)
    mean = np.average(visits.duration_s, axis=1, weights=may.astype(np.float64))
    whole: Ints = np.rint(mean).astype(np.int64)
    return whole


def _dearer_than_travel(problem: Problem) -> int:
    """More than leaving a visit out could save; see :func:`dispatch.bench.features.must_serve`."""
    return 1 + 2 * problem.visit_count * int(problem.travel_s[0].max(initial=0))


def _none(part: Part) -> Part:
    empty = {entry.name: getattr(part, entry.name)[:0] for entry in fields(part)}
    return type(part)(**empty)
