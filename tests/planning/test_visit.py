from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.planning.made import at, day, job, only_visit, window

from dispatch.domain.job import Crew, JobType, Pin, PinLevel, Seat
from dispatch.domain.skill import NO_NEEDS, NeededSkill, SkillNeeds
from dispatch.domain.window import Window, WindowKind
from dispatch.planning.horizon import Horizon, Span, merged
from dispatch.planning.needs import Needs, together
from dispatch.planning.visit import Visit, visits_of

HOUR = 3_600
TYPE = JobType(
    id="repair",
    duration_s=HOUR,
    needs=SkillNeeds(all_of=(NeededSkill(skill="gas", min_level=2),)),
    parts={"pump": 1},
)


def visits(**more: Any) -> tuple[Visit, ...]:
    made = day([job(**more)], job_types=(TYPE,))
    return visits_of(made, Horizon.of(made))


def test_a_job_takes_over_what_its_type_says() -> None:
    (visit,) = visits()
    assert (visit.base_s, visit.parts, visit.needs) == (HOUR, (("pump", 1),), together(TYPE.needs))


def test_a_job_adds_needs_and_parts_and_changes_the_duration() -> None:
    own = SkillNeeds(all_of=(NeededSkill(skill="gas", min_level=4),), none_of=("power",))
    (visit,) = visits(needs=own, parts={"pump": 2, "hose": 1}, duration_s=600)
    assert visit.needs == together(own)
    assert visit.parts == (("hose", 1), ("pump", 3))
    assert visit.base_s == 600


def test_a_seat_has_needs_and_a_duration_of_its_own() -> None:
    crew = Crew(seats=(Seat(), Seat(duration_s=60, needs=NO_NEEDS)))
    first, second = visits(crew=crew)
    assert (first.base_s, first.needs) == (HOUR, together(TYPE.needs))
    assert (second.base_s, second.needs) == (60, Needs())


def test_the_first_seat_carries_the_parts() -> None:
    first, second = visits(crew=Crew(seats=(Seat(), Seat())))
    assert first.parts == (("pump", 1),)
    assert second.parts == ()


def test_of_a_skill_asked_for_twice_the_higher_level_counts() -> None:
    low, high = (
        SkillNeeds(all_of=(NeededSkill(skill="gas", min_level=level),)) for level in (1, 4)
    )
    assert together(low, high) == together(high, low) == together(high)


def test_hard_windows_are_merged_and_cut_to_the_day() -> None:
    made = day([job(windows=(window(22, 26), window(10, 12), window(11, 13), window(-2, 1)))])
    assert only_visit(made).windows == (
        Span(0, HOUR),
        Span(10 * HOUR, 13 * HOUR),
        Span(22 * HOUR, 24 * HOUR),
    )


def test_without_hard_windows_any_time_will_do() -> None:
    made = day([job(windows=(window(10, 11, WindowKind.PREFERRED),))])
    visit = only_visit(made)
    assert visit.windows == (Span(0, 24 * HOUR),)
    assert visit.preferred == (Span(10 * HOUR, 11 * HOUR),)


def test_a_pinned_time_is_the_only_window() -> None:
    pin = Pin(technician="T1", level=PinLevel.TIME, start=at(9))
    assert only_visit(day([job(pins=(pin,))])).windows == (Span(9 * HOUR, 9 * HOUR),)


def test_a_time_pinned_outside_the_horizon_leaves_no_window() -> None:
    pin = Pin(technician="T1", level=PinLevel.TIME, start=at(-30))
    assert only_visit(day([job(pins=(pin,))])).windows == ()


def test_fractions_of_a_second_never_widen_a_window() -> None:
    half = timedelta(milliseconds=500)
    narrow = Window(start=at(9) + half, end=at(10) + half)
    assert only_visit(day([job(windows=(narrow,))])).windows == (Span(9 * HOUR + 1, 10 * HOUR),)


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([], ()),
        ([(5, 1)], ()),
        ([(5, 9), (0, 5)], ((0, 9),)),
        ([(6, 9), (0, 5)], ((0, 5), (6, 9))),
        ([(0, 9), (3, 4)], ((0, 9),)),
    ],
)
def test_merging(spans: list[tuple[int, int]], expected: tuple[tuple[int, int], ...]) -> None:
    assert merged(Span(*span) for span in spans) == expected
