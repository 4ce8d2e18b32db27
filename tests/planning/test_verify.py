from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import datetime, timedelta
from importlib.resources import files
from itertools import chain
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests import strategies
from tests.planning.faults import in_the_whole, in_when, in_who, on_the_way
from tests.planning.faults.edits import Case
from tests.planning.faults.planting import PLANTED, Planted
from tests.planning.faults.sound import GridTravel, at, sound_day, sound_plan

from dispatch import texts
from dispatch.domain.plan import Plan, Route
from dispatch.domain.shift import Absence, Break
from dispatch.planning.verify import Fault, verify

SOUND = Case(sound_day(), sound_plan())
PLANTERS = (in_the_whole, in_when, in_who, on_the_way)
"""Importing them fills the register."""


def faults_of(case: Case) -> tuple[Fault, ...]:
    return verify(case.day, case.plan, GridTravel()).faults


def codes_of(case: Case) -> set[str]:
    return {fault.code for fault in faults_of(case)}


def every_code() -> set[str]:
    written = files(texts).joinpath("en", "verify.toml").read_text("utf-8")
    parts = tomllib.loads(written)["fault"]
    return {f"{part}.{rule}" for part, rules in parts.items() for rule in rules}


def test_a_plan_that_keeps_every_rule_has_no_fault() -> None:
    verification = verify(SOUND.day, SOUND.plan, GridTravel())
    assert [str(fault) for fault in verification.faults] == []
    assert verification.ok


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: planted.change.__name__)
def test_a_planted_fault_is_found_and_nothing_else(planted: Planted) -> None:
    assert codes_of(planted.case(SOUND)) == planted.codes


def test_every_code_is_planted_somewhere() -> None:
    assert every_code() == set(chain.from_iterable(planted.codes for planted in PLANTED))


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: planted.change.__name__)
@pytest.mark.parametrize("lang", texts.LANGUAGES)
def test_every_fault_has_a_sentence(planted: Planted, lang: str) -> None:
    for fault in faults_of(planted.case(SOUND)):
        assert fault.sentence(lang)
        assert "{" not in fault.sentence(lang)


def test_a_fault_says_where_and_by_how_much() -> None:
    (fault,) = faults_of(SOUND.with_visit("J5", end=at("14:21:59")))
    assert (fault.technician, fault.shift, fault.job) == ("ann", "day", "J5")
    assert fault.values == {"expected_s": 1_800, "found_s": 1_799}
    assert str(fault) == (
        "ann, day, J5: visit.duration: Set-up and work take 0:30:00; the plan gives them 0:29:59."
    )


def test_all_faults_are_told_at_once() -> None:
    case = SOUND.with_visit("J2", setup_s=300).with_leg("ann", "day", 4, distance_m=1)
    case = case.with_job("J6", prohibited_technicians=("bo",)).with_plan(currency="EUR")
    expected = {"visit.setup", "leg.distance", "technician.prohibited", "plan.currency"}
    assert codes_of(case.repriced()) == expected


# --------------------------------------------------------------------------- what is no fault


def test_half_a_second_may_be_rounded_either_way() -> None:
    case = SOUND.with_job("J6", duration_s=3_001).with_technician("bo", duration_factor=0.5)
    case = case.with_visit("J5", 1, end=at("15:20")).with_leg("bo", "late", 2, depart=at("15:20"))
    case = case.with_leg("bo", "late", 2, arrive=at("15:40")).with_route(
        "bo", "late", finish=at("15:40")
    )
    case = case.with_visit("J8", end=at("07:23"))
    case = case.with_leg("bo", "early", 1, depart=at("07:38"))
    for second, codes in {
        "13:32:59": {"visit.duration"},
        "13:33:00": set(),
        "13:33:01": set(),
        "13:33:02": {"visit.duration"},
    }.items():
        assert codes_of(case.with_visit("J6", end=at(second)).repriced()) == codes


def test_a_pinned_time_stands_in_for_the_windows() -> None:
    windows = in_when.Window(start=at("14:00"), end=at("15:00"))
    assert codes_of(SOUND.with_job("J3", windows=(windows,))) == {"window.missed"}
    (missed,) = faults_of(SOUND.with_job("J3", windows=(windows,)))
    assert missed.technician == "cem"  # ann's seat is pinned


def test_a_break_is_not_owed_by_a_route_that_is_over_or_has_not_begun() -> None:
    early = Break(earliest=at("09:00"), latest=at("10:59"), duration_s=600)
    late = Break(earliest=at("11:40"), latest=at("13:00"), duration_s=600)
    assert codes_of(SOUND.with_shift("cem", "day", breaks=(early, late))) == set()
    owed = replace(late, earliest=at("11:39"))
    assert codes_of(SOUND.with_shift("cem", "day", breaks=(owed,))) == {"break.missing"}


def test_a_break_without_room_beside_an_absence_is_taken_in_it() -> None:
    rest = Break(earliest=at("14:10"), latest=at("14:50"), duration_s=600)
    assert codes_of(SOUND.with_shift("bo", "late", breaks=(rest,))) == set()
    room = replace(rest, latest=at("15:00"))
    assert codes_of(SOUND.with_shift("bo", "late", breaks=(room,))) == {"break.missing"}


def test_an_absence_shown_as_a_break_is_no_other_break() -> None:
    away = in_when.PlannedBreak(start=at("14:00"), end=at("15:00"))
    assert codes_of(SOUND.with_route("bo", "late", breaks=(away,))) == set()


def test_a_break_before_leaving_counts() -> None:
    dawn = Break(earliest=at("08:00"), latest=at("09:00"), duration_s=600)
    taken = in_when.PlannedBreak(start=at("08:05"), end=at("08:15"))
    case = SOUND.with_shift("ann", "day", breaks=(dawn, in_when.LUNCH))
    assert codes_of(case) == {"break.missing"}
    assert codes_of(case.with_route("ann", "day", breaks=(taken, in_when.LUNCH_TAKEN))) == set()


def test_a_shift_that_absences_take_up_wholly_is_not_asked_about() -> None:
    gone = Absence(start=at("07:00"), end=at("18:00"))
    nowhere = SOUND.with_technician("dee", absences=(gone,), profile="helicopter")
    assert codes_of(nowhere) == set()


# ---------------------------------------------------------------------- clocks that change


def test_an_hour_that_the_clocks_skip_is_no_time() -> None:
    zone = ZoneInfo("Europe/Stockholm")

    def local(hour: int, minute: int = 0) -> datetime:
        return datetime(2026, 3, 29, hour, minute, tzinfo=zone)

    job = replace(SOUND.day.jobs_by_id["J8"], preferred_technicians=(), pins=())
    night = replace(
        SOUND.day.technicians_by_id["cem"],
        skills=(strategies.HeldSkill(skill="lift"),),
        shifts=(
            replace(SOUND.day.technicians_by_id["cem"].shifts[0], start=local(1), end=local(5)),
        ),
    )
    day = replace(SOUND.day, start=local(0), end=local(23), jobs=(job,), technicians=(night,))
    visit = replace(SOUND.route("bo", "early").visits[0], arrive=local(1, 40), start=local(1, 40))

    def ending(end: datetime) -> Case:
        route = Route(
            technician="cem",
            shift="day",
            depart=visit.start,
            finish=end,
            visits=(replace(visit, end=end),),
            legs=(),
        )
        plan = replace(SOUND.plan, routes=(route,), unassigned=())
        return Case(day, plan).repriced()

    assert codes_of(ending(local(3, 10))) == set()
    assert codes_of(ending(local(4, 10))) == {"visit.duration"}


# ----------------------------------------------------------------------------- any plan at all


@given(st.data())
@settings(max_examples=50)
def test_any_plan_gets_an_answer(data: st.DataObject) -> None:
    day = data.draw(strategies.small_days())
    plan = data.draw(strategies.plans(day))
    for fault in verify(day, plan, GridTravel()).faults:
        assert fault.sentence("en")
        assert fault.sentence("zh")


MOMENTS = {
    "visits": ("arrive", "start", "end"),
    "legs": ("depart", "arrive"),
    "breaks": ("start", "end"),
}


@given(st.data(), st.sampled_from([*MOMENTS]), st.integers(-90_000, 90_000).filter(bool))
def test_no_moment_can_be_changed_unnoticed(data: st.DataObject, kind: str, seconds: int) -> None:
    field = data.draw(st.sampled_from(MOMENTS[kind]))
    entries = list(getattr(SOUND.route("ann", "day"), kind))
    number = data.draw(st.integers(0, len(entries) - 1))
    moved = getattr(entries[number], field) + timedelta(seconds=seconds)
    entries[number] = replace(entries[number], **{field: moved})
    assert faults_of(SOUND.with_route("ann", "day", **{kind: tuple(entries)}).repriced())


def test_a_plan_that_serves_nobody_is_sound() -> None:
    everything = tuple(in_the_whole.Unassigned(job=job.id) for job in SOUND.day.jobs)
    plan = Plan(day="tuesday", currency="SEK", routes=(), unassigned=everything, costs_minor={})
    assert codes_of(Case(SOUND.day, plan).repriced()) == set()
