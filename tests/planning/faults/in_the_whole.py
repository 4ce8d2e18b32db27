"""Faults of what the plan is made of: moments, numbers, names, who is served, what it costs."""

from __future__ import annotations

from datetime import datetime

from tests.planning.faults.edits import Case
from tests.planning.faults.planting import plants
from tests.planning.faults.sound import COSTS, at

from dispatch.domain.plan import CostKind, Route, Unassigned


@plants("time.naive", priced=False)
def a_moment_without_offset(case: Case) -> Case:
    return case.with_visit("J2", start=datetime.fromisoformat("2026-03-03T09:56"))


@plants("time.naive", priced=False)
def a_moment_at_the_end_of_the_calendar(case: Case) -> Case:
    return case.with_route("cem", "day", finish=datetime.fromisoformat("9999-12-31T23:59+00:00"))


@plants("time.naive", priced=False)
def a_moment_that_is_none(case: Case) -> Case:
    return case.with_leg("ann", "day", 0, arrive=float("nan"))


@plants("number.invalid", priced=False)
def a_travel_time_that_is_not_a_number(case: Case) -> Case:
    return case.with_leg("ann", "day", 0, travel_s=float("nan"))


@plants("number.invalid", priced=False)
def a_negative_setup(case: Case) -> Case:
    return case.with_visit("J2", setup_s=-60)


@plants("number.invalid", priced=False)
def a_cost_that_is_not_a_number(case: Case) -> Case:
    return case.with_plan(costs_minor={**COSTS, CostKind.WAGE: float("nan")})


@plants("plan.day")
def the_plan_of_another_day(case: Case) -> Case:
    return case.with_plan(day="wednesday")


@plants("plan.currency")
def another_currency(case: Case) -> Case:
    return case.with_plan(currency="EUR")


@plants("technician.unknown", "seat.missing", "cost.component", priced=False)
def a_technician_who_is_not_there(case: Case) -> Case:
    return case.with_route("cem", "day", technician="zoe")


@plants("shift.unknown", "seat.missing", "cost.component", priced=False)
def a_shift_that_is_not_there(case: Case) -> Case:
    return case.with_route("cem", "day", shift="night")


@plants("route.twice", "route.overlap", "seat.twice")
def two_routes_for_one_shift(case: Case) -> Case:
    return case.with_plan(routes=(*case.plan.routes, case.route("cem", "day")))


@plants("route.empty")
def a_route_without_work(case: Case) -> Case:
    noon = at("12:00")
    idle = Route(technician="dee", shift="day", depart=noon, finish=noon, visits=(), legs=())
    return case.with_plan(routes=(*case.plan.routes, idle))


@plants("job.unknown", priced=False)
def a_job_left_out_that_is_not_there(case: Case) -> Case:
    return case.with_plan(unassigned=(*case.plan.unassigned, Unassigned(job="J99")))


@plants("job.unknown", "job.forgotten", "leg.unexpected", "cost.component", priced=False)
def a_job_served_that_is_not_there(case: Case) -> Case:
    return case.with_visit("J8", job="J99")


@plants("seat.unknown", "seat.missing", "cost.component", priced=False)
def a_seat_that_is_not_there(case: Case) -> Case:
    return case.with_visit("J3", 1, seat=2)


@plants("job.forgotten", priced=False)
def a_job_neither_served_nor_left_out(case: Case) -> Case:
    return case.with_plan(unassigned=case.plan.unassigned[1:])


@plants("job.contradictory", priced=False)
def a_job_both_served_and_left_out(case: Case) -> Case:
    return case.with_plan(unassigned=(*case.plan.unassigned, Unassigned(job="J8")))


@plants("job.left-out-twice", priced=False)
def a_job_left_out_twice(case: Case) -> Case:
    return case.with_plan(unassigned=(*case.plan.unassigned, Unassigned(job="J9")))


@plants("seat.missing")
def half_a_crew(case: Case) -> Case:
    return case.without_route("cem", "day")


@plants("cost.component", priced=False)
def a_wage_too_low_by_one(case: Case) -> Case:
    return case.with_plan(costs_minor={**COSTS, CostKind.WAGE: COSTS[CostKind.WAGE] - 1})


@plants("cost.component", priced=False)
def an_unfair_share_at_no_cost(case: Case) -> Case:
    return case.with_plan(costs_minor={**COSTS, CostKind.UNFAIRNESS: 0})


@plants("cost.component", priced=False)
def a_promise_moved_at_no_cost(case: Case) -> Case:
    return case.with_plan(costs_minor={**COSTS, CostKind.PROMISE_MOVED: 0})


@plants("cost.component", priced=False)
def a_technician_swapped_at_no_cost(case: Case) -> Case:
    return case.with_plan(costs_minor={**COSTS, CostKind.TECHNICIAN_SWAPPED: 0})


@plants("cost.component", priced=False)
def an_order_changed_at_no_cost(case: Case) -> Case:
    return case.with_plan(costs_minor={**COSTS, CostKind.ORDER_CHANGED: 0})


@plants("cost.component", priced=False)
def a_job_left_out_at_no_cost(case: Case) -> Case:
    costs = {kind: minor for kind, minor in COSTS.items() if kind is not CostKind.UNSERVED}
    return case.with_plan(costs_minor=costs)


@plants("cost.component", priced=False)
def a_component_that_is_not_there(case: Case) -> Case:
    return case.with_plan(costs_minor={**COSTS, "goodwill": 1})
