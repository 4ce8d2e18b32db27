from __future__ import annotations

import ast
import tomllib
from importlib.resources import files
from itertools import chain
from pathlib import Path

import pytest
from tests.planning.faults import in_the_whole, in_when, in_who, on_the_way
from tests.planning.faults.edits import SOUND
from tests.planning.faults.planting import PLANTED, Planted
from tests.planning.faults.sound import GridTravel, at

from dispatch import texts
from dispatch.planning.verify import Fault, verify

PLANTERS = (in_the_whole, in_when, in_who, on_the_way)
"""Importing them fills the register."""

CHECKER = Path(verify.__code__.co_filename).parent
MAY_KNOW = (
    "dispatch.domain.",
    "dispatch.errors",
    "dispatch.planning.travel_times",
    "dispatch.planning.verify",
    "dispatch.texts",
)

each_planted = pytest.mark.parametrize(
    "planted", PLANTED, ids=lambda planted: planted.change.__name__
)


def every_code() -> set[str]:
    written = files(texts).joinpath("en", "verify.toml").read_text("utf-8")
    parts = tomllib.loads(written)["fault"]
    return {f"{part}.{rule}" for part, rules in parts.items() for rule in rules}


def test_a_plan_that_keeps_every_rule_has_no_fault() -> None:
    verification = verify(SOUND.day, SOUND.plan, GridTravel())
    assert [str(fault) for fault in verification.faults] == []
    assert verification.ok


@each_planted
def test_a_planted_fault_is_found_and_nothing_else(planted: Planted) -> None:
    case = planted.case(SOUND)
    assert case.codes() == planted.codes
    assert not verify(case.day, case.plan, GridTravel()).ok


def test_every_code_is_planted_somewhere() -> None:
    assert every_code() == set(chain.from_iterable(planted.codes for planted in PLANTED))


@each_planted
def test_a_planted_fault_says_by_how_much(planted: Planted) -> None:
    told = [fault for fault in planted.case(SOUND).faults() if fault.code == planted.code]
    assert any(planted.values.items() <= fault.values.items() for fault in told)


@each_planted
@pytest.mark.parametrize("lang", texts.LANGUAGES)
def test_every_fault_has_a_sentence(planted: Planted, lang: str) -> None:
    for fault in planted.case(SOUND).faults():
        assert fault.sentence(lang)
        assert "{" not in fault.sentence(lang)


def test_a_fault_says_where_and_by_how_much() -> None:
    (fault,) = SOUND.with_visit("J5", end=at("14:21:59")).faults()
    assert (fault.technician, fault.shift, fault.job) == ("ann", "day", "J5")
    assert fault.values == {"expected_s": 1_800, "found_s": 1_799}
    assert str(fault) == (
        "ann, day, J5: visit.duration: Set-up and work take 0:30:00; the plan gives them 0:29:59."
    )


@pytest.mark.parametrize(
    ("found_s", "shown"), [(0, "0:00:00"), (36_061, "10:01:01"), (-61, "-0:01:01")]
)
def test_seconds_are_shown_as_a_clock_shows_them(found_s: int, shown: str) -> None:
    fault = Fault(code="break.unknown", values={"found_s": found_s})
    assert fault.sentence() == f"The shift has no such break of {shown}."


def test_other_numbers_are_shown_as_they_are() -> None:
    (fault,) = SOUND.with_shift("ann", "day", max_jobs=5).faults()
    assert fault.sentence() == "The route has 6 visits; the shift allows 5."


def test_all_faults_are_told_at_once() -> None:
    case = SOUND.with_visit("J2", setup_s=300).with_leg("ann", "day", 4, distance_m=1)
    case = case.with_job("J6", prohibited_technicians=("bo",)).with_plan(currency="EUR")
    expected = {"visit.setup", "leg.distance", "technician.prohibited", "plan.currency"}
    assert case.repriced().codes() == expected


def test_progress_is_told() -> None:
    told: list[float] = []
    verify(SOUND.day, SOUND.plan, GridTravel(), progress=told.append)
    assert told == [1.0]


def test_the_checker_shares_no_code_with_what_makes_plans() -> None:
    imported = {
        f"{node.module}.{alias.name}"
        for file in CHECKER.glob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("dispatch")
        for alias in node.names
    }
    assert imported
    assert [name for name in imported if not name.startswith(MAY_KNOW)] == []
