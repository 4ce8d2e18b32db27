"""Vehicles that no plan can tell apart, but for whose they are."""

from __future__ import annotations

from dataclasses import fields
from hashlib import sha256

import numpy as np

from dispatch.solver.arrays import Ints
from dispatch.solver.problem import Problem


def vehicle_classes(problem: Problem) -> Ints:
    """(vehicles,) the class of each: equal where all but the owner is equal.

    Routes of vehicles of one class can change places, as long as no owner gets two visits of one
    job.
    """
    classes: dict[bytes, int] = {}
    rows = [_row(problem, vehicle) for vehicle in range(problem.vehicle_count)]
    return np.asarray([classes.setdefault(row, len(classes)) for row in rows], dtype=np.int64)


def _row(problem: Problem, vehicle: int) -> bytes:
    """A digest of everything that a problem says of a vehicle."""
    shift, visits, breaks = problem.vehicles, problem.visits, problem.breaks
    published = problem.published
    mine, known = breaks.vehicle == vehicle, published.vehicle == vehicle
    columns = (
        *(getattr(shift, each.name)[vehicle] for each in fields(shift) if each.name != "owner"),
        visits.duration_s[:, vehicle],
        visits.allowed[:, vehicle],
        visits.assign_price[:, vehicle],
        breaks.earliest_s[mine],
        breaks.latest_s[mine],
        breaks.duration_s[mine],
        published.visit[known],
        published.rank[known],
    )
    digest = sha256()
    for column in columns:
        digest.update(np.ascontiguousarray(column).tobytes())
    return digest.digest()
