"""Which visits go well together on a route."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dispatch.solver.arrays import Ints
from dispatch.solver.kernels.strings.ground import Words
from dispatch.solver.problem import Problem

CLOSE = 20
"""Kept of those that go well right before, or right after, a visit."""
WIDE = 150
"""Kept of those around a visit that a ruin may spread to."""
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


class Lists(NamedTuple):
    """Which visits go well with each, nearest first; -1 where there are no more."""

    before: Words
    """(visits, CLOSE) right before it"""
    after: Words
    """(visits, CLOSE) right after it"""
    around: Words
    """(2, visits, WIDE) around it: by travel alone, and by travel, waiting and lateness"""


def near_lists(problem: Problem) -> Lists:
    """The lists of every visit; a pair that nobody may serve, or in no order, is not in them."""
    count = problem.visit_count
    spans, place = _spans(problem), problem.visits.place
    travel = problem.travel_s[0]
    allowed = problem.visits.allowed.astype(np.float32)
    close, wide = min(CLOSE, max(count - 1, 0)), min(WIDE, max(count - 1, 0))
    lists = Lists(
        np.full((count, close), -1, np.int32),
        np.full((count, close), -1, np.int32),
        np.full((2, count, wide), -1, np.int32),
    )
    for low in range(0, count, BLOCK):
        rows = np.arange(low, min(low + BLOCK, count))
        there, back = travel[np.ix_(place[rows], place)], travel[np.ix_(place, place[rows])].T
        after = _follow(there, spans.of(rows), spans)
        before = np.ascontiguousarray(_follow(back.T, spans, spans.of(rows)).T)
        strangers = (allowed[rows] @ allowed.T) == 0
        itself = (np.arange(len(rows)), rows)
        both = np.minimum(after, before)
        near = np.minimum(there, back).astype(np.float64)
        both = np.where(np.isinf(both), 3 * near + APART / 2, both)
        for far in (after, before, both, near):
            far[strangers] = np.inf
            far[itself] = np.inf
        lists.after[rows] = _first(after, close)
        lists.before[rows] = _first(before, close)
        lists.around[0, rows] = _first(near, wide)
        lists.around[1, rows] = _first(both, wide)
    return lists


def _first(far: npt.NDArray[np.float64], count: int) -> Words:
    """(rows, count) columns of the smallest, ascending; -1 instead of infinity."""
    if count == 0:
        return np.zeros((len(far), 0), np.int32)
    some = np.argpartition(far, count - 1, axis=1)[:, :count]
    values = np.take_along_axis(far, some, axis=1)
    order = np.argsort(values, axis=1, kind="stable")
    chosen = np.take_along_axis(some, order, axis=1)
    return np.where(np.isinf(np.take_along_axis(values, order, axis=1)), -1, chosen).astype(
        np.int32
    )


def _follow(travel: Ints, first: _Spans, second: _Spans) -> npt.NDArray[np.float64]:
    """(first, second) seconds, for the second right after the first; infinite where impossible."""
    waiting = np.maximum(0, second.opening[None, :] - first.latest_end[:, None] - travel)
    far: npt.NDArray[np.float64] = travel + WAITING * waiting
    far[first.earliest_end[:, None] + travel > second.closing[None, :]] = np.inf
    return far


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
