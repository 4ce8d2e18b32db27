"""The checker under plans that nobody thought of, and beside the planner itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.plan_strategies import plans
from tests.planning.faults.edits import SOUND
from tests.planning.faults.sound import GridTravel
from tests.planning.faults.workable import workable_days
from tests.strategies import small_days

from dispatch.domain.day import Day
from dispatch.domain.position import Place, Position
from dispatch.planning.check import check_day
from dispatch.planning.compile import compile_day
from dispatch.planning.decode import decode
from dispatch.planning.travel_times import Progress, TravelMatrix
from dispatch.planning.verify import verify
from dispatch.solver.engine import Stop
from dispatch.solver.engines import load_engine

MOMENTS = {
    "visits": ("arrive", "start", "end"),
    "legs": ("depart", "arrive"),
    "breaks": ("start", "end"),
}


@dataclass(frozen=True)
class AttentiveTravel:
    """Remembers what it was asked."""

    name: str = "attentive grid"
    asked: list[tuple[Any, ...]] = field(default_factory=list)

    def matrix(
        self,
        places: Sequence[Place],
        *,
        profile: str = "car",
        departure: datetime | None = None,
        progress: Progress | None = None,
    ) -> TravelMatrix:
        assert departure is not None
        self.asked.append((tuple(places), profile, departure.isoformat()))
        return GridTravel().matrix(places, profile=profile)

    def line(self, places: Sequence[Place], *, profile: str = "car") -> tuple[Position, ...]:
        return GridTravel().line(places, profile=profile)


def is_accepted(day: Day) -> bool:
    return all(finding.severity != "error" for finding in check_day(day))


@given(st.data())
@settings(max_examples=50)
def test_any_plan_gets_an_answer(data: st.DataObject) -> None:
    day = data.draw(small_days())
    plan = data.draw(plans(day))
    for fault in verify(day, plan, GridTravel()).faults:
        assert fault.sentence("en")
        assert fault.sentence("zh")


@given(st.data(), st.sampled_from([*MOMENTS]), st.integers(-90_000, 90_000).filter(bool))
def test_no_moment_can_be_changed_unnoticed(data: st.DataObject, kind: str, seconds: int) -> None:
    field_name = data.draw(st.sampled_from(MOMENTS[kind]))
    entries = list(getattr(SOUND.route("ann", "day"), kind))
    number = data.draw(st.integers(0, len(entries) - 1))
    moved = getattr(entries[number], field_name) + timedelta(seconds=seconds)
    entries[number] = replace(entries[number], **{field_name: moved})
    assert SOUND.with_route("ann", "day", **{kind: tuple(entries)}).repriced().faults()


@given(workable_days(), st.integers(0, 9))
@settings(max_examples=60)
def test_the_checker_agrees_with_what_the_planner_makes(day: Day, seed: int) -> None:
    assume(is_accepted(day))
    planner, checker = AttentiveTravel(), AttentiveTravel()
    compiled = compile_day(day, planner)
    result = load_engine("greedy").solve(
        compiled.problem, Stop(seconds=60, iterations=20), seed=seed
    )
    verification = verify(day, decode(compiled, result), checker)
    assert [str(fault) for fault in verification.faults] == []
    # Another question may get another answer: a road graph rounds at every place it is asked for.
    assert checker.asked == planner.asked
