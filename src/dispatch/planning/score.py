"""What a plan costs, item by item: each by its price in the policy, its cause and its bearer.

Every item is rounded half up to whole minor units, and a component is the sum of its items; so
components, technicians and jobs all add up to the same total.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from dispatch.domain.clock import elapsed_s
from dispatch.domain.day import Day
from dispatch.domain.job import Job
from dispatch.domain.plan import CostKind, Leg, Plan, PlannedVisit, Route
from dispatch.domain.policy import Policy
from dispatch.domain.technician import Technician
from dispatch.domain.window import WindowKind
from dispatch.planning.changes import route_changes
from dispatch.planning.rules.skill import excess
from dispatch.planning.shares import beyond_share_s, fair_shares
from dispatch.planning.visit import needs_of

HOUR_S, MINUTE_S, KILOMETRE_M = 3_600, 60, 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CostItem:
    """One amount, who causes it and for which job."""

    kind: CostKind
    minor: int
    technician: str | None = None
    """None for a job left out."""
    shift: str | None = None
    job: str | None = None
    """None for what belongs to a whole route, the way home included."""


def cost_items(day: Day, plan: Plan) -> tuple[CostItem, ...]:
    """Every item that is not zero: route by route, then what concerns the whole plan.

    Parameters
    ----------
    day
        What the plan was made from.
    plan
        Routes and jobs left out, all known to ``day``; its own ``costs_minor`` are not looked at.
    """
    items = [item for route in plan.routes for item in _of_route(day, route)]
    items += _unfairness(day, plan)
    items += _worst_lateness(day, plan)
    items += (_unserved(day, day.jobs_by_id[left_out.job]) for left_out in plan.unassigned)
    return tuple(item for item in items if item.minor)


def totals(items: Iterable[CostItem]) -> Mapping[CostKind, int]:
    """The sum of each component, in minor units; every component is there, if only with 0."""
    sums = dict.fromkeys(CostKind, 0)
    for item in items:
        sums[item.kind] += item.minor
    return sums


def by_technician(items: Iterable[CostItem]) -> Mapping[str | None, Mapping[CostKind, int]]:
    """Components for each technician; under None what no technician causes."""
    return _by(items, lambda item: item.technician)


def by_job(items: Iterable[CostItem]) -> Mapping[str | None, Mapping[CostKind, int]]:
    """Components for each job; under None what belongs to whole routes."""
    return _by(items, lambda item: item.job)


def _by(
    items: Iterable[CostItem], bearer: Callable[[CostItem], str | None]
) -> Mapping[str | None, Mapping[CostKind, int]]:
    sums: dict[str | None, Counter[CostKind]] = {}
    for item in items:
        sums.setdefault(bearer(item), Counter())[item.kind] += item.minor
    return sums


def _minor(price: int, amount: int, per: int = 1) -> int:
    return floor(Fraction(price * amount, per) + Fraction(1, 2))


def _of_route(day: Day, route: Route) -> Iterator[CostItem]:
    technician = day.technicians_by_id[route.technician]
    shift = next(shift for shift in technician.shifts if shift.id == route.shift)
    duration_s = elapsed_s(route.depart, route.finish)
    overtime_s = max(0, elapsed_s(shift.end, route.finish))
    policy = day.policy

    def item(kind: CostKind, minor: int, job: str | None = None) -> CostItem:
        return CostItem(kind=kind, minor=minor, technician=technician.id, shift=shift.id, job=job)

    yield item(CostKind.SHIFT_USED, policy.shift_used_minor)
    yield item(CostKind.WAGE, _minor(_wage_minor_per_h(policy, technician), duration_s, HOUR_S))
    yield item(CostKind.OVERTIME, _minor(policy.overtime_minor_per_h, overtime_s, HOUR_S))
    for leg in route.legs:
        job = _leads_to(route, leg)
        spent, gone = leg.travel_s, leg.distance_m
        yield item(CostKind.TRAVEL_TIME, _minor(policy.travel_minor_per_h, spent, HOUR_S), job)
        yield item(CostKind.DISTANCE, _minor(policy.travel_minor_per_km, gone, KILOMETRE_M), job)
    for visit in route.visits:
        for kind, minor in _of_visit(day, technician, visit):
            yield item(kind, minor, visit.job)
    for change in route_changes(day, route):
        yield item(change.kind, change.minor, change.job)


def _unfairness(day: Day, plan: Plan) -> Iterator[CostItem]:
    shares, price = fair_shares(day), day.policy.unfairness_minor_per_h
    for route in plan.routes:
        yield CostItem(
            kind=CostKind.UNFAIRNESS,
            minor=_minor(price, beyond_share_s(route, shares), HOUR_S),
            technician=route.technician,
            shift=route.shift,
        )


def _wage_minor_per_h(policy: Policy, technician: Technician) -> int:
    if technician.wage_minor_per_h is not None:
        return technician.wage_minor_per_h
    return 0 if technician.contractor else policy.wage_minor_per_h


def _leads_to(route: Route, leg: Leg) -> str | None:
    """The job of the first visit reached no sooner than the leg arrives; none on the way home."""
    ahead = (visit for visit in route.visits if elapsed_s(leg.arrive, visit.arrive) >= 0)
    return next((visit.job for visit in ahead), None)


def _of_visit(
    day: Day, technician: Technician, visit: PlannedVisit
) -> Iterator[tuple[CostKind, int]]:
    policy, job = day.policy, day.jobs_by_id[visit.job]
    yield CostKind.VISIT_FEE, technician.visit_minor
    late_price = policy.lateness_minor_per_min[job.priority]
    yield CostKind.LATENESS, _minor(late_price, _lateness_s(job, visit), MINUTE_S)
    yield (
        CostKind.PREFERRED_WINDOW,
        _minor(policy.preferred_window_minor_per_min, _missed_s(job, visit), MINUTE_S),
    )
    if job.preferred_technicians and technician.id not in job.preferred_technicians:
        yield CostKind.NOT_PREFERRED_TECHNICIAN, policy.not_preferred_technician_minor
    levels = _levels_above(day, technician, visit)
    yield CostKind.OVER_QUALIFIED, policy.over_qualified_minor_per_level * levels
    territory = day.sites_by_id[job.site].territory
    if territory and technician.territories and territory not in technician.territories:
        yield CostKind.FOREIGN_TERRITORY, policy.foreign_territory_minor


def _lateness_s(job: Job, visit: PlannedVisit) -> int:
    return max(0, elapsed_s(job.sla_due, visit.end)) if job.sla_due else 0


def _missed_s(job: Job, visit: PlannedVisit) -> int:
    """From the visit's start to the nearest preferred window."""
    return min(
        (
            max(0, elapsed_s(visit.start, window.start), elapsed_s(window.end, visit.start))
            for window in job.windows
            if window.kind is WindowKind.PREFERRED
        ),
        default=0,
    )


def _levels_above(day: Day, technician: Technician, visit: PlannedVisit) -> int:
    """Levels above the needed one in the skill that is exceeded most."""
    on = visit.end.astimezone(day.zone_info).date()
    job = day.jobs_by_id[visit.job]
    needs = needs_of(job, day.job_types_by_id[job.type], day.seats(job)[visit.seat])
    return excess(needs, (technician.skills, on))


def _worst_lateness(day: Day, plan: Plan) -> Iterator[CostItem]:
    """One item, borne by the visit that is latest."""
    late = [
        (_lateness_s(day.jobs_by_id[visit.job], visit), route, visit)
        for route in plan.routes
        for visit in route.visits
    ]
    if late:
        seconds, route, visit = max(late, key=lambda entry: entry[0])
        yield CostItem(
            kind=CostKind.WORST_LATENESS,
            minor=_minor(day.policy.worst_lateness_minor_per_min, seconds, MINUTE_S),
            technician=route.technician,
            shift=route.shift,
            job=visit.job,
        )


def _unserved(day: Day, job: Job) -> CostItem:
    return CostItem(kind=CostKind.UNSERVED, minor=unserved_minor(day, job), job=job.id)


def unserved_minor(day: Day, job: Job) -> int:
    """What leaving a job out costs: priority, revenue and lateness, or as a mandatory one.

    It is late until the planning window ends, as each of its visits would be at the worst: a job
    that is overdue is never left out to save its lateness.
    """
    if job.mandatory:
        return day.policy.mandatory_minor
    own = job.revenue_minor
    revenue = day.job_types_by_id[job.type].revenue_minor if own is None else own
    return day.policy.unserved_minor[job.priority] + revenue + _lateness_left_out(day, job)


def _lateness_left_out(day: Day, job: Job) -> int:
    """Until the planning window ends, for each visit it should have had."""
    if job.sla_due is None:
        return 0
    late_s = max(0, elapsed_s(job.sla_due, day.end)) * len(day.seats(job))
    per_min = day.policy.lateness_minor_per_min[job.priority]
    return floor(Fraction(late_s * per_min, MINUTE_S) + Fraction(1, 2))
