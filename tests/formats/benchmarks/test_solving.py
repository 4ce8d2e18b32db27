"""Published plans mean the same to the solver as to the set's own checker."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import numpy as np
import pytest
from tests.formats.benchmarks.instances import CARE

from dispatch.formats.benchmarks.hhcrsp.instance import HhcrspInstance
from dispatch.formats.benchmarks.hhcrsp.model import OFFICE, CareDay, Patient, Service
from dispatch.formats.benchmarks.hhcrsp.reader import read_instance as read_care
from dispatch.formats.benchmarks.hhcrsp.solving import to_problem
from dispatch.formats.benchmarks.vrplib.instance import VrplibInstance
from dispatch.formats.benchmarks.vrplib.model import VehicleRoutes
from dispatch.formats.benchmarks.vrplib.reader import read_instance as read_routing
from dispatch.solver.problem import NEVER
from dispatch.solver.timing import Rule, time_routes


@pytest.fixture
def care(care_file: Path) -> HhcrspInstance:
    return HhcrspInstance(care_file, read_care(care_file))


@pytest.fixture
def routing(routing_file: Path) -> VrplibInstance:
    return VrplibInstance(routing_file, read_routing(routing_file))


@pytest.mark.parametrize(("window", "cost_min"), [((50, 60), 57 / 3), ((30, 35), (57 + 4 + 2) / 3)])
def test_the_solver_times_a_care_plan_as_the_set_does(
    tmp_path: Path, window: tuple[int, int], cost_min: float
) -> None:
    # The pair can begin at 37, when ann comes from patient one: two minutes late for each.
    content = copy.deepcopy(CARE)
    content["patients"][1]["time_window"] = window
    path = tmp_path / "care.json"
    path.write_text(json.dumps(content))
    care = HhcrspInstance(path, read_care(path))
    # Visits in the problem's order: one, both (inject, lift), then (wash, lift).
    timed = time_routes(care.to_problem(), [[0, 1, 3], [2, 4]])
    assert timed.solution is not None
    assert timed.solution.cost == round(3 * 60 * cost_min)
    plan = care.from_solution(timed.solution)
    care.write(plan, tmp_path / "plan.json")
    assert care.read_solution(tmp_path / "plan.json") == plan
    assert care.check(plan).verified
    assert care.check(plan).cost == pytest.approx(cost_min)


def test_one_carer_cannot_be_given_both_parts_of_a_pair(care: HhcrspInstance) -> None:
    problem = care.to_problem()
    assert problem.visits.allowed.tolist() == [
        [True, True],
        [True, False],
        [False, True],
        [True, True],
        [False, True],
    ]
    broken = time_routes(problem, [[0], [3, 4]]).violations
    assert Rule.SAME_OWNER in {violation.rule for violation in broken}


def test_leaving_a_patient_out_costs_more_than_any_plan(care: HhcrspInstance) -> None:
    problem = care.to_problem()
    worst = time_routes(problem, [[3, 1, 0], [4, 2]]).solution
    assert worst is not None
    assert problem.unserved_price.min() > worst.cost


def test_fractions_are_rounded_so_that_plans_can_be_kept() -> None:
    third = 1 / 3
    pair = Patient(
        "p", 0, 9, (Service("a", third), Service("b", third)), "sequential", (third, 2 * third)
    )
    travel = np.array([[0.0, third], [third, 0.0]])
    problem = to_problem(CareDay((pair,), (), travel))
    assert problem.travel_s[0, OFFICE, 1] == 20_000
    assert problem.visits.due_s.tolist() == [9 * 60_000 + 20_000] * 2
    # 1/3 and 2/3 are a little less than a third and two thirds: up for least, down for most.
    assert problem.links.min_delay_s.tolist() == [20_000]
    assert problem.links.max_delay_s.tolist() == [40_000]
    assert problem.worst_lateness_price == 1


def test_the_solver_times_routes_as_the_set_does(routing: VrplibInstance) -> None:
    timed = time_routes(routing.to_problem(), [[0, 1], [2]])
    assert timed.solution is not None
    assert timed.solution.cost == 30_000
    assert routing.from_solution(timed.solution) == VehicleRoutes(((1, 2), (3,)))


@pytest.mark.parametrize(
    ("routes", "rule"),
    [
        ([[2], [0]], Rule.NOT_ALLOWED),
        ([[], [0, 1]], Rule.CAPACITY),
        ([[1, 0], []], None),
    ],
)
def test_the_solver_refuses_what_the_checker_refuses(
    routing: VrplibInstance, routes: list[list[int]], rule: Rule | None
) -> None:
    timed = time_routes(routing.to_problem(), routes)
    assert {violation.rule for violation in timed.violations} == ({rule} if rule else set())
    written = VehicleRoutes(tuple(tuple(visit + 1 for visit in route) for route in routes))
    assert routing.check(written).verified is (rule is None)


def test_a_limit_that_is_not_there_is_never_reached(routing: VrplibInstance) -> None:
    vehicles = routing.to_problem().vehicles
    assert vehicles.max_duration_s.tolist() == [30_000, 30_000]
    assert vehicles.max_visits.tolist() == [NEVER, NEVER]
