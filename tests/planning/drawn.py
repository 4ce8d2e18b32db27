"""Days made up by hypothesis of which much can be done: every rule is there, but seldom fails."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from tests.planning.made import ZONE, spot

from dispatch.domain.clock import after, localise
from dispatch.domain.day import Day
from dispatch.domain.job import Crew, CrewTiming, Dependency, Job, JobType, Pin, PinLevel, Seat
from dispatch.domain.policy import Policy
from dispatch.domain.published import Published
from dispatch.domain.shift import Absence, Anchor, AnchorKind, Break, Shift
from dispatch.domain.site import Outlet, Site, Territory
from dispatch.domain.skill import HeldSkill, NeededSkill, Skill, SkillNeeds
from dispatch.domain.speed import Speed
from dispatch.domain.technician import Technician
from dispatch.domain.window import Window, WindowKind
from dispatch.planning.check import check_day

DATES = tuple(datetime(2026, month, day) for month, day in ((3, 3), (3, 29), (10, 25)))  # noqa: DTZ001 - wall clocks
"""A plain day, one of 23 hours and one of 25."""
ANCHORS = (
    Anchor(),
    Anchor(kind=AnchorKind.OPEN),
    Anchor(kind=AnchorKind.OUTLET, id="hub"),
    Anchor(kind=AnchorKind.SITE, id="s0"),
)
RUSH_HOURS = (
    Speed(start="07:10", end="09:00", percent=60),
    Speed(start="09:00", end="09:30", percent=80),
    Speed(start="15:45", end="17:00", percent=45),
    Speed(start="22:00", end="02:30", percent=150),
    Speed(start="08:00", end="20:00", percent=90, profile="bicycle"),
)
minutes = st.integers(0, 90).map(lambda count: 60 * count)
seldom = st.sampled_from([False, False, False, True])


@st.composite
def busy_days(draw: st.DrawFn) -> Day:
    """Up to three technicians and seven jobs within half an hour of one another."""
    zone = ZoneInfo(ZONE)
    midnight = localise(draw(st.sampled_from(DATES)), zone)
    end = localise(midnight.replace(tzinfo=None) + timedelta(days=1), zone)

    def moment(low_h: int, high_h: int) -> datetime:
        return after(midnight, 300 * draw(st.integers(12 * low_h, 12 * high_h)), zone)

    people = [_technician(draw, f"T{at}", moment) for at in range(draw(st.integers(1, 3)))]
    jobs: list[Job] = []
    for at in range(draw(st.integers(1, 7))):
        jobs.append(_job(draw, f"J{at}", moment, people, jobs))
    made = Day(
        id="drawn",
        zone=ZONE,
        start=midnight,
        end=end,
        policy=Policy(
            travel_minor_per_h=draw(st.integers(0, 1_000)),
            shift_used_minor=draw(st.sampled_from([0, 5_000])),
            worst_lateness_minor_per_min=draw(st.sampled_from([0, 7])),
            unfairness_minor_per_h=draw(st.sampled_from([0, 0, 700])),
            territories_hold=draw(seldom),
        ),
        skills=(Skill(id="gas"), Skill(id="power")),
        territories=(Territory(id="north"), Territory(id="south")),
        outlets=(Outlet(id="hub", position=spot(3, 3)),),
        sites=tuple(
            Site(
                id=f"s{at}",
                position=spot(draw(st.integers(-12, 12)), draw(st.integers(-12, 12))),
                territory=draw(st.sampled_from([None, "north", "south"])),
                setup_s=draw(st.sampled_from([0, 0, 240])),
            )
            for at in range(4)
        ),
        job_types=(
            JobType(id="short", duration_s=1_800, level_factors={5: 0.85}),
            JobType(id="long", duration_s=5_400, parts={"pump": 1}),
        ),
        technicians=tuple(people),
        jobs=tuple(jobs),
        speeds=draw(st.sampled_from([(), (), RUSH_HOURS])),
    )
    return _without_errors(made)


def _technician(draw: st.DrawFn, name: str, moment: Any) -> Technician:
    start = moment(5, 10)
    length = timedelta(seconds=draw(st.integers(3, 9)) * 3_600)
    lunch = moment(9, 12)
    away = moment(6, 16)
    shifts = [
        Shift(
            id="first",
            start=start,
            end=start + length,
            start_at=draw(st.sampled_from(ANCHORS)),
            end_at=draw(st.sampled_from(ANCHORS)),
            breaks=(
                (Break(earliest=lunch, latest=lunch + timedelta(hours=1), duration_s=1_800),)
                if draw(st.booleans())
                else ()
            ),
            overtime_s=draw(st.sampled_from([0, 3_600])),
            max_jobs=draw(st.sampled_from([None, 3])),
            max_travel_s=draw(st.sampled_from([None, 7_200])),
        )
    ]
    if draw(st.booleans()):
        later = start + length + timedelta(minutes=draw(st.sampled_from([0, 45])))
        shifts.append(Shift(id="second", start=later, end=later + timedelta(hours=2)))
    return Technician(
        id=name,
        home=spot(draw(st.integers(-9, 9)), draw(st.integers(-9, 9))),
        skills=(
            HeldSkill(skill="gas", level=draw(st.integers(2, 5))),
            HeldSkill(
                skill="power",
                level=draw(st.integers(1, 5)),
                expires=draw(st.sampled_from([None, None, date(2026, 3, 1)])),
            ),
        ),
        shifts=tuple(shifts),
        absences=(
            (Absence(start=away, end=away + timedelta(minutes=draw(st.integers(10, 120)))),)
            if draw(st.booleans())
            else ()
        ),
        territories=draw(st.sampled_from([(), ("north",), ("north", "south")])),
        profile=draw(st.sampled_from(["car", "car", "bicycle"])),
        duration_factor=draw(st.sampled_from([1.0, 0.9, 1.2])),
        job_type_factors=draw(st.sampled_from([{}, {"short": 0.85}])),
        capacity={"pump": draw(st.integers(1, 4))},
        contractor=draw(seldom),
        visit_minor=draw(st.sampled_from([0, 900])),
        work_ahead_s=draw(st.sampled_from([0, 3_600, -1_801])),
    )


def _job(
    draw: st.DrawFn, name: str, moment: Any, people: list[Technician], before: list[Job]
) -> Job:
    windows = []
    for kind in WindowKind:
        if draw(seldom):
            start = moment(5, 17)
            windows.append(Window(start=start, end=start + timedelta(hours=2), kind=kind))
    anybody = [person.id for person in people]
    low = draw(minutes)
    return Job(
        id=name,
        type=draw(st.sampled_from(["short", "short", "long"])),
        site=f"s{draw(st.integers(0, 3))}",
        duration_s=draw(st.sampled_from([None, 1_000])),
        needs=draw(
            st.sampled_from(
                [
                    SkillNeeds(),
                    SkillNeeds(all_of=(NeededSkill(skill="gas", min_level=2),)),
                    SkillNeeds(any_of=(NeededSkill(skill="power"), NeededSkill(skill="gas"))),
                    SkillNeeds(none_of=("power",)),
                ]
            )
        ),
        crew=_crew(draw) if draw(seldom) else None,
        windows=tuple(windows),
        sla_due=moment(0, 20) if draw(seldom) else None,
        priority=draw(st.integers(1, 5)),
        mandatory=draw(seldom),
        preferred_technicians=(draw(st.sampled_from(anybody)),) if draw(seldom) else (),
        prohibited_technicians=(draw(st.sampled_from(anybody)),) if draw(seldom) else (),
        dependencies=(
            (
                Dependency(
                    job=draw(st.sampled_from(before)).id,
                    min_delay_s=low,
                    max_delay_s=draw(st.sampled_from([None, low + 7_200])),
                ),
            )
            if before and draw(seldom)
            else ()
        ),
        pins=_pins(draw, moment, anybody) if draw(seldom) else (),
        published=_published(draw, moment, anybody) if draw(st.booleans()) else (),
        revenue_minor=draw(st.sampled_from([None, 5_000])),
    )


def _crew(draw: st.DrawFn) -> Crew:
    seats = (Seat(), Seat(duration_s=draw(st.sampled_from([None, 900]))))
    if draw(st.booleans()):
        return Crew(seats=seats)
    low = draw(minutes)
    return Crew(seats=seats, timing=CrewTiming.SEQUENCE, min_delay_s=low, max_delay_s=low + 3_600)


def _pins(draw: st.DrawFn, moment: Any, people: list[str]) -> tuple[Pin, ...]:
    level = draw(st.sampled_from(PinLevel))
    return (
        Pin(
            technician=draw(st.sampled_from(people)),
            level=level,
            order=draw(st.integers(0, 3)) if level is PinLevel.ORDER else None,
            start=moment(6, 14) if level is PinLevel.TIME else None,
        ),
    )


def _published(draw: st.DrawFn, moment: Any, people: list[str]) -> tuple[Published, ...]:
    start = moment(5, 17) if draw(st.booleans()) else None
    return (
        Published(
            technician=draw(st.sampled_from(people)),
            shift=draw(st.sampled_from([None, "first", "gone"])),
            order=draw(st.sampled_from([None, 0, 1, 2, 3])),
            start=start,
            end=start + timedelta(hours=1) if start else None,
        ),
    )


def _without_errors(made: Day) -> Day:
    """Pins are the only part that may contradict the rest: then there are none."""
    if any(finding.severity == "error" for finding in check_day(made)):
        return replace(made, jobs=tuple(replace(job, pins=()) for job in made.jobs))
    return made
