"""Which visits go well together: every pair looked at, one after another."""

from __future__ import annotations

from statistics import median

from dispatch.solver.problem import Problem

WAITING = 0.2
STRANGERS_APART = 5e11


def pair_seconds(problem: Problem, first: int, second: int) -> float | None:
    """Seconds from one visit to the next with a part of the wait; None where it would be late."""
    visits, windows = problem.visits, problem.visits.windows

    def span(visit: int) -> tuple[int, int, int]:
        lasts = int(median(visits.duration_s[visit].tolist()))
        opening = int(windows.start_s[windows.offset[visit]])
        closing = int(windows.end_s[windows.offset[visit + 1] - 1])
        return opening, min(closing, max(opening, int(visits.due_s[visit]) - lasts)), lasts

    (opening, closing, lasts), (next_opening, next_closing, _) = span(first), span(second)
    travel = int(problem.travel_s[0, visits.place[first], visits.place[second]])
    if opening + lasts + travel > next_closing:
        return None
    return travel + WAITING * max(0, next_opening - closing - lasts - travel)


def somebody_may_do_both(problem: Problem, one: int, two: int) -> bool:
    """Whether any vehicle may."""
    allowed = problem.visits.allowed
    return any(a and b for a, b in zip(allowed[one], allowed[two], strict=True))


def near(problem: Problem, visit: int, kind: str) -> dict[int, float]:
    """How far others are from a visit, by the order meant; those that are in no list are absent.

    ``kind`` is ``before``, ``after``, ``place`` or ``time``.
    """
    found = {}
    for other in range(problem.visit_count):
        if other != visit and somebody_may_do_both(problem, visit, other):
            far = _distance(problem, visit, other, kind)
            if far is not None:
                found[other] = far
    return found


def _distance(problem: Problem, visit: int, other: int, kind: str) -> float | None:
    before = pair_seconds(problem, other, visit)
    after = pair_seconds(problem, visit, other)
    if kind in {"before", "after"}:
        return before if kind == "before" else after
    place = problem.visits.place
    there = int(problem.travel_s[0, place[visit], place[other]])
    back = int(problem.travel_s[0, place[other], place[visit]])
    if kind == "time" and (before is not None or after is not None):
        return min(far for far in (before, after) if far is not None)
    return min(there, back) if kind == "place" else 3 * min(there, back) + STRANGERS_APART
