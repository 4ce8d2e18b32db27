"""Vehicles that are alike share a matrix, since a matrix for each would fill the memory."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from dispatch.solver.arrays import Ints
from dispatch.solver.problem import NEVER, Problem
from dispatch.solver.solution import Solution

MOST_ENTRIES = 60_000_000
"""Of all duration matrices together: 480 MB."""


def model_durations(problem: Problem, nodes: int, start: Solution | None = None) -> Ints:
    """(visits, vehicles) durations in few enough columns that a matrix for each fits.

    Where vehicles have to share a column, it holds the longest duration of them: the model is then
    a little too careful. What one of them does in ``start`` takes as long as there. What a vehicle
    may not visit takes as long as the quickest that may, or no time if nobody may.
    """
    allowed, duration = problem.visits.allowed, problem.visits.duration_s.astype(np.int64)
    quickest = np.where(allowed, duration, NEVER).min(axis=1, initial=NEVER)
    quickest[~allowed.any(axis=1)] = 0
    durations = np.where(allowed, duration, quickest[:, None])
    most = max(1, MOST_ENTRIES // max(1, nodes * nodes))
    for vehicles in _sharing(durations, problem.vehicles.profile, most):
        shared = durations[:, vehicles].max(axis=1)
        if start is not None:
            theirs = np.flatnonzero(np.isin(start.vehicle, vehicles))
            shared[theirs] = duration[theirs, start.vehicle[theirs]]
        durations[:, vehicles] = shared[:, None]
    return durations


def _sharing(durations: Ints, profile: Ints, most: int) -> Iterator[Ints]:
    """Groups of vehicles that share a column: equals only, where there are few enough columns."""
    keys = np.vstack([profile, durations])
    columns, column_of = np.unique(keys, axis=1, return_inverse=True)
    column_of = column_of.ravel()
    if columns.shape[1] <= most:
        return
    pace = durations.sum(axis=0)
    profiles = np.unique(profile)
    for each in profiles:
        members = np.nonzero(profile == each)[0]
        members = members[np.argsort(pace[members], kind="stable")]
        yield from np.array_split(members, max(1, min(len(members), most // len(profiles))))
