"""Which visits go well together on a route."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dispatch.solver.arrays import Ints
from dispatch.solver.problem import Problem

NEAREST = 60
"""Neighbours kept of each visit."""
WAITING = 0.2
"""A second that must be waited is as far as so much of a second of travel."""
APART = 1e12
"""Added where nobody may serve both."""
BLOCK = 512
"""Rows at a time, so that memory grows with the visits and not with their square."""


class _Spans(NamedTuple):
    """When visits may start and be over: s, (visits,)."""

    opening: Ints
    closing: Ints
    earliest_end: Ints
    latest_end: Ints

    def of(self, rows: Ints) -> _Spans:
        return _Spans(*(times[rows] for times in self))


def nearest_visits(problem: Problem) -> Ints:
    """(visits, up to NEAREST) other visits, nearest first.

    The distance of two is that of the better order: travel, the waiting that both windows force
    and the lateness. Half of what makes ruins work on tight windows is that they are near in time.
    """
    count = problem.visit_count
    spans = _spans(problem)
    place = problem.visits.place
    travel = problem.travel_s[0]
    allowed = problem.visits.allowed.astype(np.float32)
    nearest = np.empty((count, min(NEAREST, max(count - 1, 0))), dtype=np.int64)
    for low in range(0, count, BLOCK):
        rows = np.arange(low, min(low + BLOCK, count))
        there, back = travel[np.ix_(place[rows], place)], travel[np.ix_(place, place[rows])]
        after = _distance(there, spans.of(rows), spans)
        before = _distance(back, spans, spans.of(rows)).T
        far = np.minimum(after, before)
        far[(allowed[rows] @ allowed.T) == 0] += APART
        far[np.arange(len(rows)), rows] = np.inf
        nearest[rows] = np.argsort(far, axis=1, kind="stable")[:, : nearest.shape[1]]
    return nearest


def _spans(problem: Problem) -> _Spans:
    visits = problem.visits
    opening = visits.windows.start_s[visits.windows.offset[:-1]]
    closing = visits.windows.end_s[visits.windows.offset[1:] - 1]
    duration = np.median(visits.duration_s, axis=1).astype(np.int64)
    # A start by which the visit is late is as good as closed.
    closing = np.minimum(closing, np.maximum(opening, visits.due_s - duration))
    return _Spans(opening, closing, opening + duration, closing + duration)


def _distance(travel: Ints, first: _Spans, second: _Spans) -> npt.NDArray[np.float64]:
    """(first, second) seconds, for the second right after the first."""
    waiting = np.maximum(0, second.opening[None, :] - first.latest_end[:, None] - travel)
    lateness = np.maximum(0, first.earliest_end[:, None] + travel - second.closing[None, :])
    distance: npt.NDArray[np.float64] = travel + WAITING * waiting + lateness
    return distance
