"""What a published plan makes of its day, and what changing it costs and why."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from tests.planning.drawn import busy_days
from tests.planning.made import Board, at, day, job, shift, technician, window

from dispatch.domain.day import Day
from dispatch.domain.plan import CostKind, Plan
from dispatch.domain.policy import Policy
from dispatch.domain.published import Published
from dispatch.domain.shift import Absence
from dispatch.planning.changes import changes
from dispatch.planning.compile import compile_day
from dispatch.planning.decode import decode
from dispatch.planning.explain.changes import explain_changes
from dispatch.planning.publish import publish
from dispatch.planning.verify import verify
from dispatch.solver.engine import Result, Status, Stop
from dispatch.solver.greedy import Greedy
from dispatch.solver.timing import time_routes

CHANGES = {CostKind.PROMISE_MOVED, CostKind.TECHNICIAN_SWAPPED, CostKind.ORDER_CHANGED}


def planned(made: Day, *rows: list[int]) -> Plan:
    """The plan with these routes, or the one that greedy makes."""
    compiled = compile_day(made, Board())
    result = Greedy().solve(compiled.problem, Stop(seconds=60))
    if rows:
        solution = time_routes(compiled.problem, rows).solution
        assert solution is not None
        result = Result(status=Status.SOLVED, solution=solution)
    return decode(compiled, result)


def reasons(made: Day, plan: Plan) -> list[tuple[CostKind, str]]:
    explained = explain_changes(compile_day(made, Board()), plan)
    return [(entry.change.kind, entry.reason.code) for entry in explained]


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(busy_days())
def test_a_plan_that_is_published_changes_nothing(drawn: Day) -> None:
    plan = planned(drawn)
    told = publish(drawn, plan, promise_s=3_600)
    assert list(changes(told, plan)) == []
    again = decode(compile_day(told, Board()), Result(status=Status.SOLVED, solution=None))
    assert not any(again.costs_minor[kind] for kind in CHANGES)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(busy_days())
def test_every_change_has_its_price_and_its_reason(drawn: Day) -> None:
    plan = planned(drawn)
    found = list(changes(drawn, plan))
    for kind in CHANGES:
        assert sum(each.minor for each in found if each.kind is kind) == plan.costs_minor[kind]
    assert verify(drawn, plan, Board()).ok
    assert len(reasons(drawn, plan)) == len(found)


def test_the_promise_lies_around_the_start_and_inside_the_hard_window() -> None:
    made = day([job(windows=(window(8, 9),)), job("J2")])
    told = publish(made, planned(made, [0, 1]), promise_s=3_600)
    first, second = (entry.published[0] for entry in told.jobs)
    assert first == Published(
        technician="T1", shift="day", order=0, start=at(8), end=at(8 + 40 / 60)
    )
    assert (second.start, second.end) == (at(8 + 40 / 60), at(9 + 40 / 60))


def test_whoever_is_early_for_a_promise_waits_unless_it_is_long() -> None:
    told = Published(technician="T1", start=at(10), end=at(11))
    made = day([job(published=(told,))])
    (visit,) = planned(made, [0]).routes[0].visits
    assert visit.start == at(8 + 10 / 60), "an hour and fifty minutes are too long"
    patient = replace(made, policy=Policy(promise_wait_s=7_200))
    (visit,) = planned(patient, [0]).routes[0].visits
    assert visit.start == at(10)


def test_why_a_technician_was_swapped() -> None:
    told = (Published(technician="T1"),)
    people = [
        technician("T1", absences=(Absence(start=at(8), end=at(16)),)),
        technician("T2", shifts=(shift(8, 9.5),)),
        technician("T3"),
    ]
    jobs = [
        job("J1", published=told),
        job("J2", published=(Published(technician="T2"),), windows=(window(12, 13),)),
        job("J3", published=(Published(technician="T2"),)),
    ]
    made = day(jobs, people)
    assert reasons(made, planned(made, [], [0, 1, 2])) == [
        (CostKind.TECHNICIAN_SWAPPED, "shift.away"),
        (CostKind.TECHNICIAN_SWAPPED, "window"),
        (CostKind.TECHNICIAN_SWAPPED, "change.dearer"),
    ]


@pytest.mark.parametrize(
    ("promised", "code"), [((8, 8.5), "change.dearer"), ((7, 7.5), "change.late")]
)
def test_why_a_promise_was_moved(promised: tuple[float, float], code: str) -> None:
    told = Published(technician="T1", start=at(promised[0]), end=at(promised[1]))
    urgent = job("J1", sla_due=at(9.2), priority=1)
    made = day([urgent, job("J2", published=(told,))])
    plan = planned(made, [0, 1])
    assert reasons(made, plan) == [(CostKind.PROMISE_MOVED, code)]
    (change,) = changes(made, plan)
    assert change.by_s == round((9 + 10 / 60 - promised[1]) * 3_600)


@pytest.mark.parametrize(
    ("first", "code"),
    [({"sla_due": at(9.2), "priority": 1}, "change.dearer"), ({}, "change.possible")],
)
def test_why_the_order_was_changed(first: dict[str, Any], code: str) -> None:
    jobs = [
        job("J1", published=(Published(technician="T1", order=2),), **first),
        job("J2", published=(Published(technician="T1", order=1),), site="west"),
        job("J3"),
    ]
    made = day(jobs)
    assert reasons(made, planned(made, [0, 2, 1])) == [(CostKind.ORDER_CHANGED, code)]
