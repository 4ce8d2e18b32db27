from __future__ import annotations

from dataclasses import replace

import pytest
from tests.planning.faults.edits import SOUND
from tests.planning.faults.sound import COSTS, at

from dispatch.domain.plan import CostKind
from dispatch.domain.skill import HeldSkill, NeededSkill, SkillNeeds
from dispatch.domain.window import Window, WindowKind
from dispatch.planning.score import CostItem, by_job, by_technician, cost_items, totals

ITEMS = cost_items(SOUND.day, SOUND.plan)


def of_kind(kind: CostKind, items: tuple[CostItem, ...] = ITEMS) -> dict[str | None, int]:
    """What each job bears of one component."""
    found = by_job(item for item in items if item.kind is kind)
    return {job: costs[kind] for job, costs in found.items()}


def test_every_component_is_what_a_hand_adds_up() -> None:
    assert totals(ITEMS) == COSTS


def test_every_component_is_there_even_without_any_item() -> None:
    assert totals(()) == dict.fromkeys(CostKind, 0)


def test_technicians_and_jobs_add_up_to_the_same_total() -> None:
    total = sum(COSTS.values())
    for split in (by_technician(ITEMS), by_job(ITEMS)):
        assert sum(sum(costs.values()) for costs in split.values()) == total


def test_a_technician_bears_all_their_routes() -> None:
    found = by_technician(ITEMS)
    assert set(found) == {"ann", "bo", "cem", None}
    assert found["bo"] == {
        CostKind.SHIFT_USED: 2_000,
        CostKind.WAGE: 11_050,
        CostKind.TRAVEL_TIME: 610,
        CostKind.DISTANCE: 28 * 45,
        CostKind.NOT_PREFERRED_TECHNICIAN: 1_000,
        CostKind.UNFAIRNESS: 120,
        CostKind.PROMISE_MOVED: 3_160,
        CostKind.TECHNICIAN_SWAPPED: 1_000,
    }
    assert found["cem"] == {CostKind.SHIFT_USED: 1_000, CostKind.VISIT_FEE: 5_000}
    assert found[None] == {CostKind.UNSERVED: COSTS[CostKind.UNSERVED]}


def test_a_job_bears_the_way_to_it_and_nobody_the_way_home() -> None:
    assert of_kind(CostKind.DISTANCE) == {
        "J1": 5 * 45,
        "J3": 5 * 45,
        "J4": 10 * 45,
        "J5": (15 + 6) * 45,
        "J6": 4 * 45,
        "J7": 15 * 45,
        "J8": 4 * 45,
        None: (20 + 4 + 10) * 45,
    }


def test_the_latest_job_bears_the_worst_lateness() -> None:
    assert of_kind(CostKind.LATENESS) == {"J1": 28_000}
    assert of_kind(CostKind.WORST_LATENESS) == {"J1": 5_600}


def test_only_the_largest_lateness_is_the_worst() -> None:
    case = SOUND.with_job("J2", sla_due=at("10:00"))  # 26 minutes late, at priority 3
    items = cost_items(case.day, case.plan)
    assert of_kind(CostKind.LATENESS, items) == {"J1": 28_000, "J2": 26 * 200}
    assert of_kind(CostKind.WORST_LATENESS, items) == {"J1": 5_600}


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [("12:00", "13:00", 124), ("09:00", "09:26", 30), ("09:56", "09:56", 0), ("09:00", "11:00", 0)],
)
def test_a_preferred_window_is_missed_by_the_way_to_it(start: str, end: str, minutes: int) -> None:
    far = Window(start=at("20:00"), end=at("21:00"), kind=WindowKind.PREFERRED)
    hard = Window(start=at("09:00"), end=at("10:00"))
    near = replace(far, start=at(start), end=at(end))
    case = SOUND.with_job("J2", windows=(far, near, hard))
    found = of_kind(CostKind.PREFERRED_WINDOW, cost_items(case.day, case.plan))
    assert found == ({"J2": minutes * 20} if minutes else {})


def test_each_item_is_rounded_half_up() -> None:
    # 3,600 s and 1,800 s at 1 an hour are 1 and 0.5; the rest of ann's legs follow.
    case = SOUND.with_policy(travel_minor_per_h=1)
    items = cost_items(case.day, case.plan)
    assert of_kind(CostKind.TRAVEL_TIME, items) == {"J5": 1, "J7": 1, None: 1}
    case = SOUND.with_technician("ann", wage_minor_per_h=0).with_policy(wage_minor_per_h=1)
    items = cost_items(case.day, case.plan)
    # 46 and 170 minutes: 0.77 and 2.83.
    assert of_kind(CostKind.WAGE, items) == {None: 1 + 3}


@pytest.mark.parametrize(("own", "expected"), [(None, 0), (600, 400)])
def test_a_contractor_is_paid_by_the_hour_only_where_it_is_said(
    own: int | None, expected: int
) -> None:
    case = SOUND.with_technician("cem", wage_minor_per_h=own)
    found = by_technician(cost_items(case.day, case.plan))["cem"]
    assert found.get(CostKind.WAGE, 0) == expected


def test_of_skills_asked_twice_the_higher_level_counts() -> None:
    asked = SkillNeeds(all_of=(NeededSkill(skill="gas", min_level=3),))
    case = SOUND.with_job("J1", needs=asked)  # the type asks for 2, ann has 4
    assert of_kind(CostKind.OVER_QUALIFIED, cost_items(case.day, case.plan))["J1"] == 200


def test_an_expired_skill_exceeds_nothing() -> None:
    ann = SOUND.day.technicians_by_id["ann"]
    gas = replace(ann.skills[0], expires=at("00:00").date().replace(day=2))
    case = SOUND.with_technician("ann", skills=(gas, HeldSkill(skill="lift", level=5)))
    found = of_kind(CostKind.OVER_QUALIFIED, cost_items(case.day, case.plan))
    assert found == {"J2": 4 * 200, "J3": 4 * 200, "J4": 4 * 200}


def test_a_job_left_out_costs_its_priority_and_its_revenue_or_is_mandatory() -> None:
    case = SOUND.with_job("J9", revenue_minor=None, priority=5)
    found = of_kind(CostKind.UNSERVED, cost_items(case.day, case.plan))
    assert found == {"J9": 25_000 + 20_000, "J10": 10_000_000}
