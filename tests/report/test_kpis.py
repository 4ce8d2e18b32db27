from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from tests.report.examples import small_day, small_plan
from tests.report.routes import routes, spent_s

from dispatch.domain.plan import CostKind, Route
from dispatch.report.kpis import Workload, kpis, workload


def test_figures_of_the_small_plan_are_those_on_paper() -> None:
    found = kpis(small_day(), small_plan())
    assert (found.jobs, found.jobs_served, found.jobs_left_out) == (6, 5, 1)
    assert (found.technicians, found.technicians_used) == (3, 2)
    assert list(found.by_technician) == ["ana", "bo"]
    assert found.by_technician["ana"] == Workload(
        routes=1,
        visits=3,
        travel_s=15 * 60 + 6 * 60 + 15 * 60 + 15 * 60,
        distance_m=2400 + 900 + 2800 + 4200,
        setup_s=600,
        work_s=85 * 60 + 60 * 60 + 85 * 60,
        wait_s=9 * 60 + 15 * 60,
        break_s=30 * 60,
        late_visits=1,
        lateness_s=900,
        overtime_s=2700,
        route_s=345 * 60,
        shift_s=5 * 3600,
    )
    assert found.by_technician["ana"].utilisation == pytest.approx(240 / 300)
    assert found.total.visits == 6
    assert found.total.overtime_s == 2700 + 2160
    assert found.cost_minor == 10_412_800
    assert found.costs_minor[CostKind.WAGE] == 325_500


def test_a_job_of_a_crew_is_served_only_with_every_seat() -> None:
    plan = small_plan()
    without_second_seat = tuple(
        replace(route, visits=tuple(visit for visit in route.visits if visit.seat == 0))
        for route in plan.routes
    )
    found = kpis(small_day(), replace(plan, routes=without_second_seat))
    assert (found.jobs_served, found.jobs_left_out) == (4, 2)


def test_an_empty_plan_has_figures_too() -> None:
    found = kpis(small_day(), replace(small_plan(), routes=(), costs_minor={}))
    assert found.total == Workload()
    assert found.total.utilisation == 0
    assert (found.technicians_used, found.cost_minor) == (0, 0)


@given(routes())
def test_a_workload_is_what_a_slow_count_finds(route: Route) -> None:
    technician = small_day().technicians_by_id["ana"]
    found, spent = workload(route, technician), spent_s(route)
    assert found.travel_s == spent["travel"] == sum(leg.travel_s for leg in route.legs)
    assert found.setup_s == spent["setup"] == sum(visit.setup_s for visit in route.visits)
    assert (found.work_s, found.wait_s) == (spent["work"], spent["wait"])
    assert found.break_s == spent["break"]
    assert found.route_s == sum(spent.values())


@given(routes(), routes())
def test_workloads_add_up(one: Route, other: Route) -> None:
    technician = small_day().technicians_by_id["ana"]
    first, second = workload(one, technician), workload(other, technician)
    both = first + second
    assert both == second + first
    assert both.visits == len(one.visits) + len(other.visits)
    assert both.shift_s == 2 * first.shift_s
