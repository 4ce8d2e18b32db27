"""A small made-up day with its plan: every phase, a crew, lateness, overtime, a job left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from dispatch.domain.day import Day
from dispatch.domain.job import Crew, Job, JobType, Seat
from dispatch.domain.plan import (
    CostKind,
    Leg,
    Plan,
    PlannedBreak,
    PlannedVisit,
    Progress,
    Reason,
    Route,
    Unassigned,
)
from dispatch.domain.position import Position
from dispatch.domain.shift import Anchor, AnchorKind, Shift
from dispatch.domain.site import Outlet, Site
from dispatch.domain.skill import HeldSkill, NeededSkill, Skill, SkillNeeds
from dispatch.domain.technician import Technician
from dispatch.domain.window import Window, WindowKind

MIDNIGHT = datetime(2026, 3, 2, 23, 0, tzinfo=UTC)
"""The day begins in Stockholm."""
HOSTILE = "</script><img src=x onerror=alert(1)>\u2028\"'&amp;{{7*7}}"


def at(hour: float) -> datetime:
    """The day's wall clock: 8.5 is half past eight."""
    return MIDNIGHT + timedelta(seconds=round(hour * 3600))


@dataclass(frozen=True, slots=True)
class Road:
    """A street of the sample."""

    line: Sequence[Position]
    kind: str


def position(east_km: float, north_km: float) -> Position:
    """Kilometres from the middle of the sample town."""
    return Position(57.70 + north_km / 111.2, 11.96 + east_km / 59.5)


def roads() -> tuple[Road, ...]:
    """A grid of streets every 500 m, twice as wide as the town."""
    marks = [step / 2 for step in range(-12, 13)]
    kinds = ["primary", "residential", "tertiary", "service", "secondary_link"]
    across = [
        Road([position(east, north) for east in marks], kinds[index % 5])
        for index, north in enumerate(marks)
    ]
    along = [
        Road([position(east, north) for north in marks], kinds[index % 5])
        for index, east in enumerate(marks)
    ]
    return (*across, *along)


def small_day(name: str = "Tuesday in the small town") -> Day:
    """Three technicians and six jobs, one of them for two."""
    spots = {
        "s1": (-2, 1),
        "s2": (-1, 2),
        "s3": (1.5, 1),
        "s4": (2, -1),
        "s5": (-1, -2),
        "s6": (0, 2),
    }
    jobs = [
        Job(id="J1", type="repair", site="s1", name="Boiler does not start", sla_due=at(9.5)),
        Job(
            id="J2",
            type="repair",
            site="s2",
            windows=(
                Window(start=at(10), end=at(12)),
                Window(start=at(10.5), end=at(11), kind=WindowKind.PREFERRED),
            ),
        ),
        Job(id="J3", type="lift", site="s3", priority=2),
        Job(id="J4", type="repair", site="s4", name="空调不制冷", priority=1),
        Job(id="J5", type="repair", site="s5"),
        Job(id="J6", type="repair", site="s6", name=name, mandatory=True, priority=1),
    ]
    return Day(
        id="sample",
        name=name,
        zone="Europe/Stockholm",
        start=MIDNIGHT,
        end=at(24),
        skills=(Skill(id="gas", name="Gas"), Skill(id="lifts", name="Lifts")),
        outlets=(Outlet(id="north", position=position(0, 0), name="North"),),
        sites=tuple(
            Site(id=id_, position=position(*spot), name=f"Site {id_}", setup_s=300)
            for id_, spot in spots.items()
        ),
        job_types=(
            JobType(
                id="repair",
                name="Repair",
                duration_s=3600,
                needs=SkillNeeds(all_of=(NeededSkill(skill="gas", min_level=2),)),
            ),
            JobType(
                id="lift",
                name="Lift service",
                duration_s=5400,
                crew=Crew(
                    seats=(
                        Seat(),
                        Seat(
                            needs=SkillNeeds(
                                any_of=(NeededSkill(skill="lifts"), NeededSkill(skill="gas"))
                            )
                        ),
                    )
                ),
            ),
        ),
        technicians=(
            _technician("ana", "Ana Lind", Anchor(), (HeldSkill(skill="gas", level=3),)),
            _technician("bo", "李博", Anchor(kind=AnchorKind.OUTLET, id="north"), ()),
            _technician("cem", "Cem Öz", Anchor(kind=AnchorKind.OPEN), ()),
        ),
        jobs=tuple(jobs),
    )


def _technician(id_: str, name: str, anchor: Anchor, skills: tuple[HeldSkill, ...]) -> Technician:
    shift = Shift(
        id="day", start=at(8), end=at(13), start_at=anchor, end_at=anchor, overtime_s=7200
    )
    return Technician(id=id_, name=name, home=position(-2, -1), skills=skills, shifts=(shift,))


def small_plan() -> Plan:
    """Two routes on the small day: J6 is left out; J1 is late; Ana works overtime."""
    ana = Route(
        technician="ana",
        shift="day",
        depart=at(8),
        finish=at(13.75),
        visits=(
            _visit("J1", arrive=8.25, start=8.25, end=9.75, setup_s=300, lateness_s=900),
            _visit("J2", arrive=9.75 + 0.1, start=10, end=11, setup_s=0),
            _visit("J3", arrive=11.75, start=12, end=13.5, setup_s=300),
        ),
        legs=(
            _leg("home site:s1", 8, 8.25, 2400),
            _leg("site:s1 site:s2", 9.75, 9.85, 900),
            _leg("site:s2 site:s3", 11, 11.75, 2800, resting_h=0.5),
            _leg("site:s3 home", 13.5, 13.75, 4200),
        ),
        breaks=(PlannedBreak(start=at(11.1), end=at(11.6)),),
        overtime_s=2700,
    )
    bo = Route(
        technician="bo",
        shift="day",
        depart=at(8.5),
        finish=at(13.6),
        visits=(
            _visit("J5", arrive=8.75, start=8.75, end=9.75, setup_s=300),
            _visit("J4", arrive=10, start=10, end=11, setup_s=300),
            _visit("J3", seat=1, arrive=11.25, start=12, end=13.5, setup_s=300),
        ),
        legs=(
            _leg("outlet:north site:s5", 8.5, 8.75, 2200),
            _leg("site:s5 site:s4", 9.75, 10, 3100),
            _leg("site:s4 site:s3", 11, 11.25, 2000),
            _leg("site:s3 outlet:north", 13.5, 13.6, 1800),
        ),
        overtime_s=2160,
    )
    return Plan(
        day="sample",
        currency="SEK",
        routes=(bo, ana),
        unassigned=(
            Unassigned(
                job="J6",
                reasons=(
                    Reason(code="nobody", values={"skill": HOSTILE}),
                    Reason(code="skill", technician="ana", values={"skill": "gas"}),
                    Reason(code="skill", technician="cem", values={"skill": "gas"}),
                ),
            ),
        ),
        costs_minor={
            CostKind.WAGE: 325_500,
            CostKind.DISTANCE: 87_300,
            CostKind.UNSERVED: 10_000_000,
            CostKind.OVER_QUALIFIED: 0,
        },
        engine="greedy",
        seed=7,
        seconds=2.5,
        travel="geodesic",
        curve=(
            Progress(seconds=0.1, cost_minor=11_000_000, unserved=2),
            Progress(seconds=0.8, cost_minor=10_500_000, unserved=1),
            Progress(seconds=2.5, cost_minor=10_412_800, unserved=1),
        ),
    )


def _visit(
    job: str,
    *,
    arrive: float,
    start: float,
    end: float,
    setup_s: int,
    seat: int = 0,
    lateness_s: int = 0,
) -> PlannedVisit:
    return PlannedVisit(
        job=job,
        seat=seat,
        arrive=at(arrive),
        start=at(start),
        end=at(end),
        setup_s=setup_s,
        lateness_s=lateness_s,
    )


def _leg(
    between: str,
    depart: float,
    arrive: float,
    distance_m: int,
    resting_h: float = 0,
) -> Leg:
    origin, destination = between.split()
    return Leg(
        origin=origin,
        destination=destination,
        depart=at(depart),
        arrive=at(arrive),
        travel_s=round((arrive - depart - resting_h) * 3600),
        distance_m=distance_m,
    )
