"""Days made up by hypothesis on which most jobs can be done, with every kind of obstacle."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from hypothesis import strategies as st
from tests.planning.faults.sound import at, sound_day, spot

from dispatch.domain.day import Day
from dispatch.domain.job import Crew, CrewTiming, Dependency, Job, Pin, PinLevel, Seat
from dispatch.domain.shift import Absence, Anchor, AnchorKind, Break, Shift
from dispatch.domain.skill import NO_NEEDS, HeldSkill, NeededSkill, SkillNeeds
from dispatch.domain.technician import Technician
from dispatch.domain.window import Window, WindowKind

ANCHORS = (
    Anchor(),
    Anchor(kind=AnchorKind.OUTLET, id="depot"),
    Anchor(kind=AnchorKind.SITE, id="s1"),
    Anchor(kind=AnchorKind.OPEN),
)
FACTORS = (0.5, 0.85, 1.0, 1.0, 1 / 3, 1.27)
flags = st.booleans()


def _moment(minutes: int) -> datetime:
    return at("00:00") + timedelta(minutes=minutes)


def _moments(low_h: int, high_h: int) -> st.SearchStrategy[datetime]:
    return st.integers(low_h * 12, high_h * 12).map(lambda five: _moment(5 * five))


@st.composite
def workable_days(draw: st.DrawFn) -> Day:
    """Three technicians with one or two shifts, up to nine jobs."""
    day = sound_day()
    policy = replace(
        day.policy,
        territories_hold=draw(flags),
        travel_minor_per_h=draw(st.integers(0, 999)),
        overtime_minor_per_h=draw(st.integers(0, 999)),
    )
    return replace(
        day,
        policy=policy,
        start=draw(st.sampled_from((at("00:00"), at("08:00")))),
        end=draw(st.sampled_from((day.end, at("18:20")))),
        technicians=tuple(draw(_technicians(name)) for name in ("ann", "bo", "cem")),
        jobs=draw(_jobs()),
    )


@st.composite
def _technicians(draw: st.DrawFn, name: str) -> Technician:
    anchors = st.sampled_from(ANCHORS)
    shifts = [_shift(draw, "day", 8, 12, anchors)]
    if draw(flags):
        shifts.append(_shift(draw, "evening", 14, 18, anchors))
    absences = [
        Absence(start=start, end=start + timedelta(minutes=draw(st.integers(5, 150))))
        for start in draw(st.lists(_moments(7, 18), max_size=2))
    ]
    valid_until = st.none() | st.just(date(2026, 3, 2)) | st.just(date(2026, 3, 3))
    return Technician(
        id=name,
        home=spot(draw(st.integers(-9, 9)), draw(st.integers(-9, 9))),
        skills=tuple(
            HeldSkill(skill=skill, level=draw(st.integers(2, 5)), expires=draw(valid_until))
            for skill in ("gas", "lift")
            if draw(st.integers(0, 3))
        ),
        shifts=tuple(shifts),
        absences=tuple(absences),
        territories=draw(st.sampled_from(((), ("north",), ("south", "north")))),
        duration_factor=draw(st.sampled_from(FACTORS)),
        job_type_factors={"check": draw(st.sampled_from(FACTORS))},
        capacity={"filter": draw(st.integers(0, 3))},
        contractor=draw(flags),
        wage_minor_per_h=draw(st.none() | st.integers(0, 9_999)),
        visit_minor=draw(st.integers(0, 99)),
    )


def _shift(
    draw: st.DrawFn, name: str, low_h: int, high_h: int, anchors: st.SearchStrategy[Anchor]
) -> Shift:
    rests = [
        Break(
            earliest=start,
            latest=start + timedelta(minutes=draw(st.integers(0, 90))),
            duration_s=draw(st.integers(0, 45)) * 60,
        )
        for start in draw(st.lists(_moments(low_h, high_h + 1), max_size=2))
    ]
    return Shift(
        id=name,
        start=_moment(low_h * 60),
        end=_moment(high_h * 60),
        start_at=draw(anchors),
        end_at=draw(anchors),
        breaks=tuple(rests),
        overtime_s=draw(st.sampled_from((0, 1_800, 7_200))),
        max_jobs=draw(st.none() | st.integers(1, 4)),
        max_travel_s=draw(st.none() | st.integers(1_000, 9_000)),
    )


@st.composite
def _jobs(draw: st.DrawFn) -> tuple[Job, ...]:
    jobs: list[Job] = []
    for number in range(draw(st.integers(3, 9))):
        before = draw(st.lists(st.sampled_from(jobs), max_size=1)) if jobs else []
        least = draw(st.integers(0, 90)) * 60
        most = draw(st.none() | st.integers(90, 300).map(lambda minutes: minutes * 60))
        people = draw(st.sampled_from(((), (), ("ann",), ("bo", "cem"))))
        jobs.append(
            Job(
                id=f"J{number}",
                type=draw(st.sampled_from(("repair", "check", "lift", "inspection"))),
                site=f"s{draw(st.integers(1, 6))}",
                duration_s=draw(st.none() | st.integers(1, 4_000)),
                needs=draw(_needs()),
                crew=draw(st.none() | _crews()),
                windows=tuple(draw(st.lists(_windows(), max_size=2))),
                sla_due=draw(st.none() | _moments(5, 18)),
                priority=draw(st.integers(1, 5)),
                mandatory=draw(flags),
                required_technicians=draw(st.sampled_from(((), (), people))),
                preferred_technicians=people,
                prohibited_technicians=draw(st.sampled_from(((), (), ("cem",)))),
                dependencies=tuple(
                    Dependency(job=job.id, min_delay_s=least, max_delay_s=most) for job in before
                ),
                parts=draw(st.sampled_from(({}, {}, {"filter": 1}))),
            )
        )
        if not draw(st.integers(0, 3)):
            jobs[-1] = draw(_pinned(jobs[-1]))
    return tuple(jobs)


@st.composite
def _needs(draw: st.DrawFn) -> SkillNeeds:
    def some() -> tuple[NeededSkill, ...]:
        chosen = draw(st.sampled_from(((), (), ("gas",), ("gas", "lift"))))
        return tuple(
            NeededSkill(skill=skill, min_level=draw(st.integers(1, 4))) for skill in chosen
        )

    return SkillNeeds(all_of=some(), any_of=some())


@st.composite
def _crews(draw: st.DrawFn) -> Crew:
    timing = draw(st.sampled_from(CrewTiming))
    apart = timing is CrewTiming.SEQUENCE
    return Crew(
        seats=(Seat(), Seat(duration_s=draw(st.integers(600, 3_000)), needs=NO_NEEDS)),
        timing=timing,
        min_delay_s=draw(st.integers(0, 3_000)) if apart else 0,
        max_delay_s=draw(st.integers(3_000, 9_000)) if apart else 0,
    )


@st.composite
def _windows(draw: st.DrawFn) -> Window:
    start = draw(_moments(7, 16))
    end = start + timedelta(minutes=draw(st.integers(0, 300)))
    return Window(start=start, end=end, kind=draw(st.sampled_from(WindowKind)))


@st.composite
def _pinned(draw: st.DrawFn, job: Job) -> Job:
    """A pin must not contradict the job's other wishes."""
    level = draw(st.sampled_from(PinLevel))
    pin = Pin(
        technician=draw(st.sampled_from(("ann", "bo"))),
        level=level,
        shift=draw(st.sampled_from((None, "day"))),
        order=draw(st.integers(0, 3)) if level is PinLevel.ORDER else None,
        start=draw(_moments(8, 12)) if level is PinLevel.TIME else None,
    )
    return replace(job, pins=(pin,), windows=(), required_technicians=(), prohibited_technicians=())
