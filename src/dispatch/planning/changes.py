"""What a plan changes of the published schedule, and what that costs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from dispatch.domain.clock import elapsed_s
from dispatch.domain.day import Day
from dispatch.domain.plan import CostKind, Plan, PlannedVisit, Route
from dispatch.domain.policy import Policy
from dispatch.domain.published import Published


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that is not as it was published."""

    kind: CostKind
    """PROMISE_MOVED, TECHNICIAN_SWAPPED or ORDER_CHANGED."""
    minor: int
    job: str
    seat: int
    technician: str
    """Who does the visit now."""
    shift: str
    by_s: int = 0
    """Of a promise: how much later the visit starts than it may; below zero it is earlier."""


def changes(day: Day, plan: Plan) -> Iterator[Change]:
    """Route by route and visit by visit. Jobs left out are no changes: they have their reasons."""
    return (change for route in plan.routes for change in route_changes(day, route))


def route_changes(day: Day, route: Route) -> Iterator[Change]:
    """The changes of one route."""
    highest = -1
    for visit in route.visits:
        published = day.jobs_by_id[visit.job].published_seat(visit.seat)
        if published is None:
            continue
        order = published_order(day, route, published)
        behind = order is not None and order < highest
        highest = max(highest, -1 if order is None else order)
        for kind, minor, by_s in _priced(day.policy, route, visit, published, behind):
            yield Change(
                kind=kind,
                minor=minor,
                job=visit.job,
                seat=visit.seat,
                technician=route.technician,
                shift=route.shift,
                by_s=by_s,
            )


def published_order(day: Day, route: Route, published: Published) -> int | None:
    """The place that a visit of this route was to have on it; None if it was not to be there."""
    if published.technician != route.technician:
        return None
    shifts = day.technicians_by_id[route.technician].shifts
    only = shifts[0].id if len(shifts) == 1 else None
    return published.order if (published.shift or only) == route.shift else None


def missed_s(published: Published, visit: PlannedVisit) -> int:
    """How much later than promised a visit starts; below zero it is earlier."""
    if published.start is None or published.end is None:
        return 0
    late = elapsed_s(published.end, visit.start)
    early = elapsed_s(visit.start, published.start)
    return late if late > 0 else -early if early > 0 else 0


def _priced(
    policy: Policy, route: Route, visit: PlannedVisit, published: Published, behind: bool
) -> Iterator[tuple[CostKind, int, int]]:
    by_s = missed_s(published, visit)
    if by_s:
        further = Fraction(policy.promise_moved_minor_per_min * abs(by_s), 60)
        minor = policy.promise_moved_minor + floor(further + Fraction(1, 2))
        yield CostKind.PROMISE_MOVED, minor, by_s
    if published.technician != route.technician:
        yield CostKind.TECHNICIAN_SWAPPED, policy.technician_swapped_minor, 0
    if behind:
        yield CostKind.ORDER_CHANGED, policy.order_changed_minor, 0
