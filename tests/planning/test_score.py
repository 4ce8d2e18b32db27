from __future__ import annotations

from tests.planning.faults.sound import COSTS, sound_day, sound_plan

from dispatch.planning.score import cost_items, totals


def test_every_component_is_what_a_hand_adds_up() -> None:
    assert totals(cost_items(sound_day(), sound_plan())) == COSTS
