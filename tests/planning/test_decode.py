from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import HealthCheck, given, settings
from tests.planning.drawn import busy_days
from tests.planning.made import ZONE, Board, at, compiled, day, job, shift, technician, window

from dispatch.domain.clock import elapsed_s, localise
from dispatch.domain.day import Day
from dispatch.domain.plan import CostKind, Plan
from dispatch.domain.policy import Policy
from dispatch.domain.shift import Absence, Anchor, AnchorKind, Break, Shift
from dispatch.planning.compile import Compiled
from dispatch.planning.decode import decode, point
from dispatch.planning.encode import encode
from dispatch.planning.verify import verify
from dispatch.solver.engine import Result, Status, Step, Stop
from dispatch.solver.greedy import Greedy
from dispatch.solver.problem import COST_SCALE
from dispatch.solver.timing import time_routes

OPEN = Anchor(kind=AnchorKind.OPEN)


def solved(made: Compiled) -> Result:
    return Greedy().solve(made.problem, Stop(seconds=60))


def planned(made: Day) -> Plan:
    found = compiled(made)
    return decode(found, solved(found), engine="greedy", seed=4)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(busy_days())
def test_a_decoded_plan_is_one_that_the_checker_confirms(drawn: Day) -> None:
    assert verify(drawn, planned(drawn), Board()).faults == ()


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(busy_days())
def test_the_plan_shows_the_times_of_the_solver(drawn: Day) -> None:
    made = compiled(drawn)
    result = solved(made)
    assert result.solution is not None
    numbers = {(visit.job.id, visit.seat): number for number, visit in enumerate(made.visits)}
    for route in decode(made, result).routes:
        for visit in route.visits:
            number = numbers[visit.job, visit.seat]
            assert elapsed_s(drawn.start, visit.arrive) == result.solution.arrive_s[number]
            assert elapsed_s(drawn.start, visit.start) == result.solution.start_s[number]
            assert elapsed_s(drawn.start, visit.end) == result.solution.end_s[number]


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(busy_days())
def test_a_plan_can_be_read_back_into_the_same_routes(drawn: Day) -> None:
    made = compiled(drawn)
    result = solved(made)
    assert result.solution is not None
    again = time_routes(made.problem, encode(made, decode(made, result))).solution
    assert again is not None
    assert np.array_equal(again.start_s, result.solution.start_s)
    assert again.cost == result.solution.cost


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(busy_days())
def test_the_score_is_the_cost_of_the_solver_but_for_rounding(drawn: Day) -> None:
    made = compiled(drawn)
    result = solved(made)
    assert result.solution is not None
    plan = decode(made, result)
    items = 20 * (1 + sum(len(route.visits) for route in plan.routes))
    assert abs(plan.cost_minor - result.solution.cost / COST_SCALE) <= items


def test_places_and_legs_of_a_route() -> None:
    (route,) = planned(day([job("J1", windows=(window(9, 9),)), job("J2", site="west")])).routes
    assert [(leg.origin, leg.destination) for leg in route.legs] == [
        ("home", "site:east"),
        ("site:east", "site:west"),
        ("site:west", "home"),
    ]
    assert route.depart == route.legs[0].depart == at(8 + 50 / 60)
    assert [leg.travel_s for leg in route.legs] == [600, 1_200, 600]
    assert route.finish == route.legs[-1].arrive == at(11.5)


def test_open_ends_have_no_legs() -> None:
    rover = technician(home=None, shifts=(shift(start_at=OPEN, end_at=OPEN),))
    (route,) = planned(day([job()], [rover])).routes
    assert route.legs == ()
    assert (route.depart, route.finish) == (at(8), at(9))


def test_whoever_rests_before_leaving_leaves_later() -> None:
    lunch = Break(earliest=at(10), latest=at(10), duration_s=1_800)
    jobs = [
        job("J1", windows=(window(9, 9),)),
        job("J2", site="west", windows=(window(10, 12),)),
    ]
    (route,) = planned(day(jobs, [technician(shifts=(shift(breaks=(lunch,)),))])).routes
    assert [(rest.start, rest.end) for rest in route.breaks] == [(at(10), at(10.5))]
    assert (route.legs[1].depart, route.legs[1].arrive) == (at(10.5), at(10 + 50 / 60))


def test_an_absence_interrupts_the_way_but_is_no_break() -> None:
    away = technician(absences=(Absence(start=at(10.1), end=at(11)),))
    jobs = [job("J1", windows=(window(9, 9),)), job("J2", site="west", windows=(window(10, 12),))]
    made = day(jobs, [away])
    plan = planned(made)
    (route,) = plan.routes
    assert route.breaks == ()
    assert elapsed_s(route.legs[1].depart, route.legs[1].arrive) == 1_200 + 54 * 60
    assert verify(made, plan, Board()).ok


def test_overtime_and_lateness_are_said() -> None:
    late = job(windows=(window(15.5, 15.5),), sla_due=at(16))
    person = technician(shifts=(shift(overtime_s=3_600),))
    (route,) = planned(day([late], [person])).routes
    assert route.overtime_s == 40 * 60
    assert route.visits[0].lateness_s == 30 * 60


def test_costs_come_by_component() -> None:
    plan = planned(day([job(), job("J2", prohibited_technicians=("T1",))]))
    assert set(plan.costs_minor) == set(CostKind)
    assert plan.costs_minor[CostKind.WAGE] == 80 * 60
    assert plan.costs_minor[CostKind.DISTANCE] == 12 * Policy().travel_minor_per_km
    assert plan.costs_minor[CostKind.UNSERVED] == Policy().unserved_minor[3]


def test_without_a_solution_every_job_is_left_out() -> None:
    made = compiled(day([job("J1"), job("J2")]))
    plan = decode(made, Result(status=Status.FAILED, solution=None), engine="none", seed=3)
    assert [left_out.job for left_out in plan.unassigned] == ["J1", "J2"]
    assert (plan.routes, plan.engine, plan.seed, plan.travel) == ((), "none", 3, "board")


def test_a_step_of_the_curve_is_rounded_half_up() -> None:
    costs = [point(Step(1.5, cost, 2)).cost_minor for cost in (8_999, 9_000, 26_999, 27_000)]
    assert costs == [0, 1, 1, 2]


def test_a_shift_over_a_change_of_the_clocks_shows_both_offsets() -> None:
    zone = ZoneInfo(ZONE)

    def wall(hour: float) -> datetime:
        midnight = datetime(2026, 3, 29)  # noqa: DTZ001 - a wall clock
        return localise(midnight + timedelta(hours=hour), zone)

    night = Shift(id="night", start=wall(0), end=wall(8))
    jobs = [job("J1", duration_s=2 * 3_600), job("J2", duration_s=2 * 3_600)]
    made = day(jobs, [technician(shifts=(night,))], start=wall(0), end=wall(24))
    plan = planned(made)
    (route,) = plan.routes
    first, second = route.visits
    assert first.start == wall(10 / 60)
    assert first.end == second.start == wall(3 + 10 / 60)
    assert second.start.utcoffset() != first.start.utcoffset()
    assert verify(made, plan, Board()).ok


def test_what_the_day_does_not_know_is_not_read_back() -> None:
    made = day([job()])
    found = compiled(made)
    plan = decode(found, solved(found))
    stranger = compiled(day([job("J9")], [technician("T9")]))
    assert [row.tolist() for row in encode(stranger, plan)] == [[]]
