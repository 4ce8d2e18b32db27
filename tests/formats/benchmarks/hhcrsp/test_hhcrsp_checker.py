from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.formats.benchmarks.instances import CARE_COST, CARE_PLAN

from dispatch.errors import InvalidInput
from dispatch.formats.benchmarks.hhcrsp.instance import HhcrspInstance
from dispatch.formats.benchmarks.hhcrsp.reader import read_instance
from dispatch.formats.benchmarks.instance import CheckedCost

Spoil = Callable[[list[dict[str, Any]]], object]


@pytest.fixture
def instance(care_file: Path) -> HhcrspInstance:
    return HhcrspInstance(care_file, read_instance(care_file))


def checked(instance: HhcrspInstance, tmp_path: Path, spoil: Spoil) -> CheckedCost:
    plan = copy.deepcopy(CARE_PLAN)
    spoil(plan["routes"])
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(plan))
    return instance.check(instance.read_solution(path))


def codes(found: CheckedCost) -> set[str]:
    assert all(error.cause() and error.cause("zh") for error in found.errors)
    return {error.code.removeprefix("bench.check.") for error in found.errors}


def test_a_plan_that_holds_costs_what_the_hand_says(
    instance: HhcrspInstance, tmp_path: Path
) -> None:
    found = checked(instance, tmp_path, lambda routes: None)
    assert found.errors == ()
    assert found.unserved == ()
    assert found.cost == pytest.approx(CARE_COST)


def visit(routes: list[dict[str, Any]], carer: int, position: int) -> dict[str, Any]:
    stop: dict[str, Any] = routes[carer]["locations"][position]
    return stop


def starts(carer: int, position: int, minute: float) -> Spoil:
    """The visit starts at another minute and lasts as long as before."""

    def spoil(routes: list[dict[str, Any]]) -> None:
        stop = visit(routes, carer, position)
        stop["departure_time"] += minute - stop["arrival_time"]
        stop["arrival_time"] = minute

    return spoil


FAULTS: dict[str, tuple[Spoil, set[str]]] = {
    "before the window": (starts(0, 0, 19), {"early"}),
    "before travel is over": (
        lambda routes: (starts(0, 1, 36)(routes), starts(1, 0, 36)(routes)),
        {"travel", "early"},
    ),
    "not together": (starts(1, 0, 64), {"delay"}),
    "second too soon": (starts(1, 1, 94), {"delay"}),
    "second too late": (starts(1, 1, 111), {"delay"}),
    "too short": (lambda routes: visit(routes, 0, 2).update(departure_time=89), {"duration"}),
    "without ability": (
        lambda routes: (
            routes[0].update(caregiver_id="bo"),
            routes[1].update(caregiver_id="ann"),
        ),
        {"ability"},
    ),
    "one carer for both": (
        lambda routes: (
            routes[0]["locations"].insert(2, routes[1]["locations"].pop(0)),
            starts(0, 3, 110)(routes),
            starts(1, 0, 125)(routes),
        ),
        {"ability", "together", "travel"},
    ),
    "half a pair": (lambda routes: routes[1]["locations"].pop(), {"visit.half"}),
    "visit twice": (
        lambda routes: routes[1]["locations"].append(
            {"patient": "one", "service": "wash", "arrival_time": 200, "departure_time": 210}
        ),
        {"visit.repeated"},
    ),
    "unknown patient": (lambda routes: visit(routes, 0, 0).update(patient="x"), {"visit.unknown"}),
    "unneeded service": (
        lambda routes: visit(routes, 0, 0).update(service="lift"),
        {"visit.unknown"},
    ),
    "unknown carer": (
        lambda routes: routes.append({"caregiver_id": "cy", "locations": []}),
        {"carer.unknown"},
    ),
    "carer twice": (
        lambda routes: routes.append({"caregiver_id": "bo", "locations": []}),
        {"carer.repeated"},
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_planted_fault_is_caught(fault: str, instance: HhcrspInstance, tmp_path: Path) -> None:
    spoil, expected = FAULTS[fault]
    assert codes(checked(instance, tmp_path, spoil)) == expected


def test_patients_left_out_are_counted_and_break_no_rule(
    instance: HhcrspInstance, tmp_path: Path
) -> None:
    found = checked(instance, tmp_path, lambda routes: routes[0]["locations"].pop(0))
    assert found.unserved == ("one",)
    assert found.verified


def test_one_carer_may_do_both_services_of_a_sequential_pair(
    instance: HhcrspInstance, tmp_path: Path
) -> None:
    def spoil(routes: list[dict[str, Any]]) -> None:
        washing = routes[0]["locations"].pop()
        routes[1]["locations"].insert(1, washing)
        starts(1, 1, 89)(routes)

    found = checked(instance, tmp_path, spoil)
    assert found.verified
    assert found.unserved == ()


def test_a_carer_who_stays_home_may_have_null_locations(
    instance: HhcrspInstance, tmp_path: Path
) -> None:
    found = checked(instance, tmp_path, lambda routes: routes[0].update(locations=None))
    assert set(found.unserved) == {"one", "both", "then"}
    assert codes(found) == {"visit.half"}


def test_the_spelling_of_the_small_example_is_read(
    instance: HhcrspInstance, tmp_path: Path
) -> None:
    def respell(routes: list[dict[str, Any]]) -> None:
        for route in routes:
            for stop in route["locations"]:
                stop["patient_id"] = stop.pop("patient")
                stop["service_id"] = stop.pop("service")

    assert checked(instance, tmp_path, respell).cost == pytest.approx(CARE_COST)


def test_every_fault_of_a_solution_file_is_listed(instance: HhcrspInstance, tmp_path: Path) -> None:
    def spoil(routes: list[dict[str, Any]]) -> None:
        visit(routes, 0, 0).update(arrival_time="early")
        visit(routes, 1, 0).pop("patient")
        routes[1]["caregiver_id"] = 7

    with pytest.raises(InvalidInput) as caught:
        checked(instance, tmp_path, spoil)
    assert [finding.place.pointer for finding in caught.value.findings] == [
        "/routes/0/locations/0/arrival_time",
        "/routes/1/caregiver_id",
        "/routes/1/locations/0",
    ]
