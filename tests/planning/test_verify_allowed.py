"""What the checker lets pass, and by how little."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from tests.planning.faults.edits import SOUND, Case
from tests.planning.faults.in_when import LUNCH, LUNCH_TAKEN
from tests.planning.faults.in_who import GAS, LIFT
from tests.planning.faults.sound import COSTS, at

from dispatch.domain.job import Crew, CrewTiming, Dependency, Pin, PinLevel, Seat
from dispatch.domain.plan import CostKind, Plan, PlannedBreak, PlannedVisit, Route, Unassigned
from dispatch.domain.shift import Absence, Break
from dispatch.domain.skill import HeldSkill, NeededSkill, SkillNeeds
from dispatch.domain.window import Window, WindowKind

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def exactly_within_every_limit() -> Iterator[Case]:
    """The sound plan, with limits drawn so tight that a second less would break them."""
    yield SOUND.with_job("J1", windows=(Window(start=at("08:30"), end=at("08:30")),))
    yield SOUND.with_job("J4", dependencies=(_exactly("J1", 174 * 60),))
    yield SOUND.with_job("J7", pins=(_ordered(1),))
    yield SOUND.with_shift("ann", "day", start=at("08:20"), overtime_s=53 * 60)
    yield SOUND.with_day(start=at("07:00"), end=at("16:53"))
    yield SOUND.with_shift("bo", "late", start=at("13:00"), end=at("15:50"))
    yield SOUND.with_technician("cem", absences=(_away("10:00", "11:00"), _away("11:40", "12:00")))
    yield SOUND.with_technician("ann", skills=(GAS, replace(LIFT, level=1)))
    yield SOUND.with_type("inspection", crew=_apart(78 * 60))
    yield (
        SOUND.with_shift("bo", "early", end=at("13:00"))
        .with_leg("bo", "early", 1, depart=at("12:52"), arrive=at("13:00"))
        .with_route("bo", "early", finish=at("13:00"))
    )
    yield (
        SOUND.with_shift(
            "ann", "day", breaks=(_rest("12:10", 900), _rest("12:25", 900))
        ).with_route("ann", "day", breaks=(_taken("12:10", "12:25"), _taken("12:25", "12:40")))
    )


def _exactly(job: str, delay_s: int) -> Dependency:
    return Dependency(job=job, min_delay_s=delay_s, max_delay_s=delay_s)


def _ordered(order: int) -> Pin:
    return Pin(technician="ann", level=PinLevel.ORDER, order=order)


def _away(start: str, end: str) -> Absence:
    return Absence(start=at(start), end=at(end))


def _apart(delay_s: int) -> Crew:
    return Crew(
        seats=(Seat(), Seat(duration_s=1_200)),
        timing=CrewTiming.SEQUENCE,
        min_delay_s=delay_s,
        max_delay_s=delay_s,
    )


def _rest(start: str, duration_s: int) -> Break:
    return Break(earliest=at(start), latest=at(start), duration_s=duration_s)


def _taken(start: str, end: str) -> PlannedBreak:
    return PlannedBreak(start=at(start), end=at(end))


@pytest.mark.parametrize("case", list(exactly_within_every_limit()))
def test_a_limit_that_is_just_met_is_kept(case: Case) -> None:
    assert case.repriced().codes() == set()


@pytest.mark.parametrize(
    ("end", "codes"),
    [
        ("11:24:59", {"visit.duration"}),
        ("11:25:00", set()),
        ("11:25:01", set()),
        ("11:25:02", {"visit.duration"}),
    ],
)
def test_half_a_second_may_be_rounded_either_way(end: str, codes: set[str]) -> None:
    # Ten minutes of set-up, and 1,800 s times 0.50027... make 1,500.5 s together.
    factor = 900.5 / 1_800
    case = SOUND.with_technician("cem", duration_factor=factor)
    case = case.with_visit("J3", 1, end=at(end)).with_route("cem", "day", finish=at(end))
    assert case.repriced().codes() == codes


def test_a_factor_is_the_decimal_number_that_was_written() -> None:
    # In binary, 1,800 times 1.1 is a little more than 1,980.
    case = SOUND.with_technician("cem", duration_factor=1.1)
    case = case.with_visit("J3", 1, end=at("11:43")).with_route("cem", "day", finish=at("11:43"))
    assert case.repriced().codes() == set()


def test_the_level_in_the_first_skill_needed_counts_for_the_duration() -> None:
    # Level 4 in the first, gas, is quicker; level 2 in the second is not.
    both = SkillNeeds(all_of=(NeededSkill(skill="lift"),))
    case = SOUND.with_job("J1", needs=both).with_job("J7", needs=both)
    assert case.repriced().codes() == set()
    case = case.with_type("repair", level_factors={2: 0.9})
    assert case.repriced().codes() == {"visit.duration"}


def test_the_nearest_preferred_window_and_the_highest_level_are_priced() -> None:
    near = Window(start=at("10:30"), end=at("11:00"), kind=WindowKind.PREFERRED)
    far = replace(near, start=at("20:00"), end=at("21:00"))
    more_gas = SkillNeeds(all_of=(NeededSkill(skill="gas", min_level=3),))
    case = SOUND.with_job("J2", windows=(far, near)).with_job("J1", needs=more_gas)
    cheaper = {
        **COSTS,
        CostKind.PREFERRED_WINDOW: 34 * 20,
        CostKind.OVER_QUALIFIED: COSTS[CostKind.OVER_QUALIFIED] - 200,
    }
    assert case.with_plan(costs_minor=cheaper).codes() == set()


def test_a_pinned_time_stands_in_for_the_windows() -> None:
    later = Window(start=at("14:00"), end=at("15:00"))
    (missed,) = SOUND.with_job("J3", windows=(later,)).faults()
    assert missed.code == "window.missed"
    assert missed.technician == "cem"  # ann's seat is pinned to its time


def test_a_break_is_not_owed_by_a_route_that_is_over_or_has_not_begun() -> None:
    early = Break(earliest=at("09:00"), latest=at("10:59"), duration_s=600)
    late = Break(earliest=at("11:40"), latest=at("13:00"), duration_s=600)
    assert SOUND.with_shift("cem", "day", breaks=(early, late)).codes() == set()
    for owed in (replace(early, latest=at("11:00")), replace(late, earliest=at("11:39"))):
        assert SOUND.with_shift("cem", "day", breaks=(owed,)).codes() == {"break.missing"}


def test_a_break_of_no_length_is_never_owed() -> None:
    nothing = Break(earliest=at("11:10"), latest=at("11:20"), duration_s=0)
    assert SOUND.with_shift("cem", "day", breaks=(nothing,)).codes() == set()


def test_a_break_without_room_beside_an_absence_is_taken_in_it() -> None:
    rest = Break(earliest=at("14:10"), latest=at("14:50"), duration_s=600)
    assert SOUND.with_shift("bo", "late", breaks=(rest,)).codes() == set()
    before = replace(rest, earliest=at("13:50"))
    assert SOUND.with_shift("bo", "late", breaks=(before,)).codes() == {"break.missing"}
    room = replace(rest, latest=at("15:00"))
    assert SOUND.with_shift("bo", "late", breaks=(room,)).codes() == {"break.missing"}


def test_an_absence_shown_as_a_break_is_no_other_break() -> None:
    away = PlannedBreak(start=at("14:00"), end=at("15:00"))
    assert SOUND.with_route("bo", "late", breaks=(away,)).codes() == set()


def test_a_break_before_leaving_counts() -> None:
    dawn = Break(earliest=at("08:00"), latest=at("09:00"), duration_s=600)
    taken = PlannedBreak(start=at("08:05"), end=at("08:15"))
    case = SOUND.with_shift("ann", "day", breaks=(dawn, LUNCH))
    assert case.codes() == {"break.missing"}
    assert case.with_route("ann", "day", breaks=(taken, LUNCH_TAKEN)).codes() == set()


def test_a_break_after_the_last_visit_of_an_open_end_belongs_to_the_route() -> None:
    rest = Break(earliest=at("11:30"), latest=at("12:00"), duration_s=600)
    taken = PlannedBreak(start=at("11:40"), end=at("11:50"))
    case = SOUND.with_shift("cem", "day", breaks=(rest,))
    case = case.with_route("cem", "day", breaks=(taken,), finish=at("11:50"))
    assert case.repriced().codes() == set()


def test_a_technician_may_wait_before_the_way_as_well_as_after_it() -> None:
    case = SOUND.with_leg("ann", "day", 2, depart=at("10:50"), arrive=at("11:00"))
    assert case.with_visit("J3", arrive=at("11:00")).codes() == set()


def test_a_shift_that_absences_take_up_wholly_is_not_asked_about() -> None:
    case = SOUND.with_technician("dee", profile="helicopter")
    with pytest.raises(KeyError):
        case.faults()
    gone = (
        Absence(start=at("07:00"), end=at("12:00")),
        Absence(start=at("12:00"), end=at("18:00")),
    )
    assert case.with_technician("dee", absences=gone).repriced().codes() == set()


def test_a_plan_that_serves_nobody_is_sound() -> None:
    everything = tuple(Unassigned(job=job.id) for job in SOUND.day.jobs)
    plan = Plan(day="tuesday", currency="SEK", routes=(), unassigned=everything, costs_minor={})
    assert Case(SOUND.day, plan).repriced().codes() == set()


def test_an_hour_that_the_clocks_skip_is_no_time() -> None:
    assert through_the_night(_sunday(1, 40), _sunday(3, 10)).codes() == set()
    assert through_the_night(_sunday(1, 40), _sunday(4, 10)).codes() == {"visit.duration"}


def _sunday(hour: int, minute: int = 0) -> datetime:
    """The last Sunday of March 2026, when two o'clock is three o'clock."""
    return datetime(2026, 3, 29, hour, minute, tzinfo=STOCKHOLM)


def through_the_night(start: datetime, end: datetime) -> Case:
    """Cem alone checks one site, which takes half an hour."""
    job = replace(SOUND.day.jobs_by_id["J8"], preferred_technicians=(), pins=())
    cem = SOUND.day.technicians_by_id["cem"]
    shift = replace(cem.shifts[0], start=_sunday(1), end=_sunday(5))
    cem = replace(cem, skills=(HeldSkill(skill="lift"),), shifts=(shift,))
    day = replace(SOUND.day, start=_sunday(0), end=_sunday(23), jobs=(job,), technicians=(cem,))
    visit = PlannedVisit(job="J8", seat=0, arrive=start, start=start, end=end)
    route = Route(technician="cem", shift="day", depart=start, finish=end, visits=(visit,), legs=())
    return Case(day, replace(SOUND.plan, routes=(route,), unassigned=())).repriced()
