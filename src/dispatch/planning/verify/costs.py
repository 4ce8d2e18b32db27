"""What the plan says it costs is what it costs, recomputed in exact fractions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from math import floor

from dispatch.domain.clock import elapsed_s
from dispatch.domain.job import Job
from dispatch.domain.plan import CostKind
from dispatch.domain.skill import NeededSkill
from dispatch.domain.technician import Technician
from dispatch.domain.window import WindowKind
from dispatch.planning.verify.facts import Facts, KnownRoute, Stop
from dispatch.planning.verify.fault import Fault
from dispatch.planning.verify.people import is_foreign
from dispatch.planning.verify.shares import beyond_share_s
from dispatch.planning.verify.skills import level_on

HALF = Fraction(1, 2)


def costs(facts: Facts) -> Iterator[Fault]:
    """Each component is the sum of its items, every item rounded half up."""
    stated = facts.plan.costs_minor
    for kind in dict.fromkeys([*CostKind, *stated]):
        items = COMPONENTS[kind](facts) if kind in COMPONENTS else ()
        expected = sum(floor(item + HALF) for item in items)
        found = stated.get(kind, 0)
        if found != expected:
            amounts = {"expected_minor": expected, "found_minor": found}
            yield Fault(code="cost.component", values={"kind": str(kind), **amounts})


def _per_h(minor: int, seconds: int) -> Fraction:
    return Fraction(minor) * Fraction(seconds, 3600)


def _per_min(minor: int, seconds: int) -> Fraction:
    return Fraction(minor) * Fraction(seconds, 60)


def _travel_time(facts: Facts) -> Iterator[Fraction]:
    price = facts.day.policy.travel_minor_per_h
    return (_per_h(price, leg.travel_s) for known in facts.routes for leg in known.route.legs)


def _distance(facts: Facts) -> Iterator[Fraction]:
    price = facts.day.policy.travel_minor_per_km
    return (
        price * Fraction(leg.distance_m, 1000) for known in facts.routes for leg in known.route.legs
    )


def _wage(facts: Facts) -> Iterator[Fraction]:
    for known in facts.routes:
        price = known.technician.wage_minor_per_h
        if price is None:
            price = 0 if known.technician.contractor else facts.day.policy.wage_minor_per_h
        yield _per_h(price, elapsed_s(known.route.depart, known.route.finish))


def _overtime(facts: Facts) -> Iterator[Fraction]:
    price = facts.day.policy.overtime_minor_per_h
    return (_per_h(price, _past_end_s(known)) for known in facts.routes)


def _past_end_s(known: KnownRoute) -> int:
    return max(0, elapsed_s(known.shift.end, known.route.finish))


def _shift_used(facts: Facts) -> Iterator[Fraction]:
    return (Fraction(facts.day.policy.shift_used_minor) for _ in facts.routes)


def _visit_fee(facts: Facts) -> Iterator[Fraction]:
    return (Fraction(known.technician.visit_minor) for known, _ in facts.stops())


def _lateness(facts: Facts) -> Iterator[Fraction]:
    prices = facts.day.policy.lateness_minor_per_min
    return (_per_min(prices[stop.job.priority], _late_s(stop)) for _, stop in facts.stops())


def _worst_lateness(facts: Facts) -> Iterator[Fraction]:
    worst = max((_late_s(stop) for _, stop in facts.stops()), default=0)
    yield _per_min(facts.day.policy.worst_lateness_minor_per_min, worst)


def _late_s(stop: Stop) -> int:
    due = stop.job.sla_due
    return 0 if due is None else max(0, elapsed_s(due, stop.planned.end))


def _preferred_window(facts: Facts) -> Iterator[Fraction]:
    price = facts.day.policy.preferred_window_minor_per_min
    return (_per_min(price, _missed_s(stop)) for _, stop in facts.stops())


def _missed_s(stop: Stop) -> int:
    start = stop.planned.start
    misses = [
        max(0, elapsed_s(start, window.start), elapsed_s(window.end, start))
        for window in stop.job.windows
        if window.kind is WindowKind.PREFERRED
    ]
    return min(misses, default=0)


def _not_preferred_technician(facts: Facts) -> Iterator[Fraction]:
    for known, stop in facts.stops():
        preferred = stop.job.preferred_technicians
        if preferred and known.technician.id not in preferred:
            yield Fraction(facts.day.policy.not_preferred_technician_minor)


def _over_qualified(facts: Facts) -> Iterator[Fraction]:
    price = facts.day.policy.over_qualified_minor_per_level
    return (Fraction(price * _excess(stop, known.technician)) for known, stop in facts.stops())


def _excess(stop: Stop, technician: Technician) -> int:
    """Levels above the needed one, in the skill exceeded most; of each ``any_of`` the least."""

    def above(need: NeededSkill) -> int:
        return level_on(technician, need.skill, stop.ended_on) - need.min_level

    most = max(map(above, stop.all_of), default=0)
    for alternatives in stop.choices:
        most = max(most, min((n for n in map(above, alternatives) if n >= 0), default=0))
    return max(most, 0)


def _foreign_territory(facts: Facts) -> Iterator[Fraction]:
    price = Fraction(facts.day.policy.foreign_territory_minor)
    return (price for known, stop in facts.stops() if is_foreign(stop, known.technician))


def _unfairness(facts: Facts) -> Iterator[Fraction]:
    price = facts.day.policy.unfairness_minor_per_h
    return (_per_h(price, beyond_s) for beyond_s in beyond_share_s(facts))


def _promise_moved(facts: Facts) -> Iterator[Fraction]:
    policy = facts.day.policy
    for _, stop in facts.stops():
        told, start = stop.published, stop.planned.start
        if told is None or told.start is None or told.end is None:
            continue
        outside = max(elapsed_s(start, told.start), elapsed_s(told.end, start))
        if outside > 0:
            further = _per_min(policy.promise_moved_minor_per_min, outside)
            yield policy.promise_moved_minor + further


def _technician_swapped(facts: Facts) -> Iterator[Fraction]:
    for known, stop in facts.stops():
        if stop.published is not None and stop.published.technician != known.technician.id:
            yield Fraction(facts.day.policy.technician_swapped_minor)


def _order_changed(facts: Facts) -> Iterator[Fraction]:
    """For each visit behind another that its route was to reach later."""
    for known in facts.routes:
        orders = [_order(known, stop) for stop in known.stops]
        stayed = [order for order in orders if order is not None]
        for number, order in enumerate(stayed):
            if any(before > order for before in stayed[:number]):
                yield Fraction(facts.day.policy.order_changed_minor)


def _order(known: KnownRoute, stop: Stop) -> int | None:
    """Its published place on this very route."""
    told, shifts = stop.published, known.technician.shifts
    if told is None or told.technician != known.technician.id:
        return None
    shift = shifts[0].id if told.shift is None and len(shifts) == 1 else told.shift
    return told.order if shift == known.shift.id else None


def _unserved(facts: Facts) -> Iterator[Fraction]:
    served = facts.served()
    left_out = (job for job in facts.day.jobs if job.id not in served)
    return (_unserved_minor(facts, job) + _never_done(facts, job) for job in left_out)


def _never_done(facts: Facts, job: Job) -> Fraction:
    """The lateness of a job left out: each of its visits is late until the window's end."""
    if job.mandatory or job.sla_due is None:
        return Fraction(0)
    crew = job.crew
    if crew is None and job.type in facts.day.job_types_by_id:
        crew = facts.day.job_types_by_id[job.type].crew
    late_s = max(0, elapsed_s(job.sla_due, facts.day.end))
    price = facts.day.policy.lateness_minor_per_min[job.priority]
    return _per_min(price, late_s) * (len(crew.seats) if crew else 1)


def _unserved_minor(facts: Facts, job: Job) -> int:
    policy, job_type = facts.day.policy, facts.day.job_types_by_id.get(job.type)
    if job.mandatory:
        return policy.mandatory_minor
    if job.revenue_minor is not None:
        return policy.unserved_minor[job.priority] + job.revenue_minor
    return policy.unserved_minor[job.priority] + (job_type.revenue_minor if job_type else 0)


COMPONENTS: Mapping[str, Callable[[Facts], Iterable[Fraction]]] = {
    CostKind.TRAVEL_TIME: _travel_time,
    CostKind.DISTANCE: _distance,
    CostKind.WAGE: _wage,
    CostKind.OVERTIME: _overtime,
    CostKind.SHIFT_USED: _shift_used,
    CostKind.VISIT_FEE: _visit_fee,
    CostKind.LATENESS: _lateness,
    CostKind.WORST_LATENESS: _worst_lateness,
    CostKind.PREFERRED_WINDOW: _preferred_window,
    CostKind.NOT_PREFERRED_TECHNICIAN: _not_preferred_technician,
    CostKind.OVER_QUALIFIED: _over_qualified,
    CostKind.FOREIGN_TERRITORY: _foreign_territory,
    CostKind.UNFAIRNESS: _unfairness,
    CostKind.PROMISE_MOVED: _promise_moved,
    CostKind.TECHNICIAN_SWAPPED: _technician_swapped,
    CostKind.ORDER_CHANGED: _order_changed,
    CostKind.UNSERVED: _unserved,
}
