"""A hand-made day and a plan for it that keeps every rule: everything a plan can hold is in it.

Places lie on a grid; a kilometre takes two minutes. The costs were added up by hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

from dispatch.domain.day import Day
from dispatch.domain.job import (
    Crew,
    CrewTiming,
    Dependency,
    Job,
    JobType,
    Pin,
    PinLevel,
    Seat,
)
from dispatch.domain.plan import (
    CostKind,
    Leg,
    Plan,
    PlannedBreak,
    PlannedVisit,
    Route,
    Unassigned,
)
from dispatch.domain.policy import Policy
from dispatch.domain.position import Place, Position
from dispatch.domain.published import Published
from dispatch.domain.shift import Absence, Anchor, AnchorKind, Break, Shift
from dispatch.domain.site import Outlet, Site, Territory
from dispatch.domain.skill import NO_NEEDS, HeldSkill, NeededSkill, Skill, SkillNeeds
from dispatch.domain.speed import Speed
from dispatch.domain.technician import Technician
from dispatch.domain.window import Window, WindowKind
from dispatch.planning.travel_times import Progress, TravelMatrix

SECONDS_PER_KM = {"car": 120, "bicycle": 300}
OPEN = Anchor(kind=AnchorKind.OPEN)
DEPOT = Anchor(kind=AnchorKind.OUTLET, id="depot")


def at(clock: str) -> datetime:
    """The day's wall clock: ``08:30``."""
    return datetime.fromisoformat(f"2026-03-03T{clock}+01:00")


def spot(east_km: int, north_km: int) -> Position:
    """A crossing of the grid."""
    return Position(57.7 + north_km / 100, 11.9 + east_km / 100)


@dataclass(frozen=True, slots=True)
class GridTravel:
    """Streets from east to west and from north to south; no other profile gets along there."""

    name: str = "grid"

    def matrix(
        self,
        places: Sequence[Place],
        *,
        profile: str = "car",
        departure: datetime | None = None,
        progress: Progress | None = None,
    ) -> TravelMatrix:
        points = np.array([(place.position.lat, place.position.lon) for place in places])
        blocks = np.abs(points[:, np.newaxis] - points[np.newaxis]).sum(axis=2) * 100
        km = np.rint(blocks).astype(np.int64)
        if progress:
            progress(1.0)
        nowhere_m = np.zeros(len(places), dtype=np.int64)
        return TravelMatrix(km * SECONDS_PER_KM[profile], km * 1_000, nowhere_m)

    def line(self, places: Sequence[Place], *, profile: str = "car") -> tuple[Position, ...]:
        return tuple(place.position for place in places)


def sound_day() -> Day:
    return Day(
        id="tuesday",
        zone="Europe/Stockholm",
        start=at("00:00"),
        end=datetime.fromisoformat("2026-03-04T00:00+01:00"),
        policy=Policy(
            currency="SEK",
            travel_minor_per_h=600,
            shift_used_minor=1_000,
            worst_lateness_minor_per_min=100,
            unfairness_minor_per_h=600,
        ),
        skills=tuple(Skill(id=skill) for skill in ("gas", "lift", "apprentice", "welding")),
        territories=(Territory(id="north"), Territory(id="south")),
        outlets=(Outlet(id="depot", position=spot(0, 0)),),
        sites=(
            Site(id="s1", position=spot(5, 5), setup_s=300, territory="north"),
            Site(id="s2", position=spot(10, 5), setup_s=600),
            Site(id="s3", position=spot(10, 15), setup_s=120, territory="south"),
            Site(id="s4", position=spot(0, 10)),
            Site(id="s5", position=spot(0, 4)),
            Site(id="s6", position=spot(0, 25), territory="north"),
        ),
        job_types=_job_types(),
        technicians=_technicians(),
        jobs=_jobs(),
        speeds=(
            Speed(start="06:00", end="07:10", percent=50),
            Speed(start="09:00", end="17:00", percent=80, profile="bicycle"),
        ),
    )


def _job_types() -> tuple[JobType, ...]:
    either = (NeededSkill(skill="gas"), NeededSkill(skill="lift"))
    return (
        JobType(
            id="repair",
            duration_s=3_600,
            needs=SkillNeeds(all_of=(NeededSkill(skill="gas", min_level=2),)),
            parts={"filter": 1},
            level_factors={4: 0.9},
            revenue_minor=20_000,
        ),
        JobType(id="check", duration_s=1_800, needs=SkillNeeds(any_of=either)),
        JobType(
            id="lift",
            duration_s=3_000,
            needs=SkillNeeds(all_of=(NeededSkill(skill="lift"),)),
            crew=Crew(seats=(Seat(), Seat(duration_s=1_800, needs=NO_NEEDS))),
        ),
        JobType(
            id="inspection",
            duration_s=1_800,
            crew=Crew(
                seats=(Seat(), Seat(duration_s=1_200)),
                timing=CrewTiming.SEQUENCE,
                min_delay_s=1_800,
                max_delay_s=7_200,
            ),
        ),
    )


def _technicians() -> tuple[Technician, ...]:
    return (
        Technician(
            id="ann",
            home=spot(0, 5),
            skills=(
                HeldSkill(skill="gas", level=4, expires=date(2026, 3, 3)),
                HeldSkill(skill="lift", level=2),
            ),
            shifts=(
                Shift(
                    id="day",
                    start=at("08:00"),
                    end=at("16:00"),
                    breaks=(Break(earliest=at("12:10"), latest=at("13:00"), duration_s=1_800),),
                    overtime_s=3_600,
                    max_jobs=6,
                    max_travel_s=8_400,
                ),
            ),
            territories=("north",),
            job_type_factors={"repair": 1.5},
            capacity={"filter": 2},
            wage_minor_per_h=3_600,
            work_ahead_s=1_120,
        ),
        Technician(
            id="bo",
            home=spot(5, 0),
            skills=(HeldSkill(skill="lift"),),
            shifts=(
                Shift(id="early", start=at("07:00"), end=at("11:00"), start_at=DEPOT, end_at=DEPOT),
                Shift(id="late", start=at("13:00"), end=at("17:00"), start_at=DEPOT, end_at=DEPOT),
            ),
            absences=(Absence(start=at("14:00"), end=at("15:00"), reason="doctor"),),
        ),
        Technician(
            id="cem",
            shifts=(
                Shift(id="day", start=at("09:00"), end=at("15:00"), start_at=OPEN, end_at=OPEN),
            ),
            contractor=True,
            visit_minor=5_000,
        ),
        Technician(
            id="dee",
            home=spot(0, -5),
            shifts=(Shift(id="day", start=at("08:00"), end=at("16:00")),),
        ),
    )


def _jobs() -> tuple[Job, ...]:
    preferred = Window(start=at("12:00"), end=at("13:00"), kind=WindowKind.PREFERRED)
    return (
        Job(
            id="J1",
            type="repair",
            site="s1",
            windows=(Window(start=at("08:30"), end=at("10:00")),),
            sla_due=at("09:00"),
            priority=1,
            pins=(Pin(technician="ann", level=PinLevel.ORDER, order=0),),
            published=(Published(technician="ann", order=4),),
        ),
        Job(
            id="J2",
            type="check",
            site="s1",
            windows=(preferred,),
            pins=(Pin(technician="ann", level=PinLevel.ORDER, order=1),),
            published=(Published(technician="ann", order=3, start=at("09:00"), end=at("10:00")),),
        ),
        Job(
            id="J3",
            type="lift",
            site="s2",
            pins=(Pin(technician="ann", level=PinLevel.TIME, start=at("11:00")),),
        ),
        Job(
            id="J4",
            type="check",
            site="s3",
            needs=SkillNeeds(all_of=(NeededSkill(skill="gas", min_level=3),)),
            required_technicians=("ann", "dee"),
            dependencies=(Dependency(job="J1", min_delay_s=3_600, max_delay_s=14_400),),
        ),
        Job(id="J5", type="inspection", site="s4"),
        Job(
            id="J6",
            type="check",
            site="s5",
            duration_s=3_000,
            needs=SkillNeeds(none_of=("apprentice",)),
            prohibited_technicians=("dee",),
            published=(Published(technician="ann", order=1, start=at("12:30"), end=at("13:00")),),
        ),
        Job(
            id="J7",
            type="repair",
            site="s6",
            published=(Published(technician="ann", shift="night", order=0),),
        ),
        Job(
            id="J8",
            type="check",
            site="s5",
            preferred_technicians=("ann",),
            pins=(Pin(technician="bo", shift="early"),),
        ),
        Job(id="J9", type="repair", site="s6", priority=2, revenue_minor=12_345),
        Job(id="J10", type="repair", site="s6", mandatory=True),
    )


def sound_plan() -> Plan:
    return Plan(
        day="tuesday",
        currency="SEK",
        routes=(_ann(), _bo_early(), _bo_late(), _cem()),
        unassigned=(Unassigned(job="J9"), Unassigned(job="J10")),
        costs_minor=COSTS,
    )


COSTS = {
    CostKind.TRAVEL_TIME: 1_400 + 80 + 130 + 400,
    CostKind.DISTANCE: (70 + 8 + 20) * 45,
    CostKind.WAGE: 30_780 + 2_550 + 8_500,
    CostKind.OVERTIME: 1_325,
    CostKind.SHIFT_USED: 4 * 1_000,
    CostKind.VISIT_FEE: 5_000,
    CostKind.LATENESS: 56 * 500,
    CostKind.WORST_LATENESS: 56 * 100,
    CostKind.PREFERRED_WINDOW: 124 * 20,
    CostKind.NOT_PREFERRED_TECHNICIAN: 1_000,
    CostKind.OVER_QUALIFIED: (2 + 1 + 1 + 1 + 2) * 200,
    CostKind.FOREIGN_TERRITORY: 2_000,
    CostKind.UNFAIRNESS: 1_830 + 120,
    CostKind.PROMISE_MOVED: 3_000 + 8 * 20,
    CostKind.TECHNICIAN_SWAPPED: 1_000,
    CostKind.ORDER_CHANGED: 200,
    CostKind.UNSERVED: 100_000 + 12_345 + 10_000_000,
}


def _ann() -> Route:
    """A late visit, a second one at the same site, a crew, a break on the way, overtime."""
    return Route(
        technician="ann",
        shift="day",
        depart=at("08:20"),
        finish=at("16:53"),
        visits=(
            PlannedVisit(
                job="J1",
                seat=0,
                arrive=at("08:30"),
                start=at("08:30"),
                end=at("09:56"),
                setup_s=300,
                lateness_s=56 * 60,
            ),
            _visit("J2", "09:56", "09:56", "10:26"),
            _visit("J3", "10:36", "11:00", "12:00", setup_s=600),
            _visit("J4", "12:50", "12:50", "13:22", setup_s=120),
            _visit("J5", "13:52", "13:52", "14:22"),
            _visit("J7", "14:52", "14:52", "16:13"),
        ),
        legs=(
            _leg("home", "site:s1", "08:20", "08:30", km=5),
            _leg("site:s1", "site:s1", "09:56", "09:56", km=0),
            _leg("site:s1", "site:s2", "10:26", "10:36", km=5),
            _leg("site:s2", "site:s3", "12:00", "12:50", km=10),
            _leg("site:s3", "site:s4", "13:22", "13:52", km=15),
            _leg("site:s4", "site:s6", "14:22", "14:52", km=15),
            _leg("site:s6", "home", "16:13", "16:53", km=20),
        ),
        breaks=(PlannedBreak(start=at("12:10"), end=at("12:40")),),
        overtime_s=53 * 60,
    )


def _bo_early() -> Route:
    """Ten minutes of the rush hour are as good as five."""
    return Route(
        technician="bo",
        shift="early",
        depart=at("07:00"),
        finish=at("07:51"),
        visits=(_visit("J8", "07:13", "07:13", "07:43"),),
        legs=(
            _leg("outlet:depot", "site:s5", "07:00", "07:13", km=4, travel_s=780),
            _leg("site:s5", "outlet:depot", "07:43", "07:51", km=4),
        ),
    )


def _bo_late() -> Route:
    """An absence interrupts the way to the second half of an inspection."""
    return Route(
        technician="bo",
        shift="late",
        depart=at("13:00"),
        finish=at("15:50"),
        visits=(
            _visit("J6", "13:08", "13:08", "13:58"),
            _visit("J5", "15:10", "15:10", "15:30", seat=1),
        ),
        legs=(
            _leg("outlet:depot", "site:s5", "13:00", "13:08", km=4),
            _leg("site:s5", "site:s4", "13:58", "15:10", km=6),
            _leg("site:s4", "outlet:depot", "15:30", "15:50", km=10),
        ),
    )


def _cem() -> Route:
    """A contractor whose shift has open ends."""
    return Route(
        technician="cem",
        shift="day",
        depart=at("11:00"),
        finish=at("11:40"),
        visits=(_visit("J3", "11:00", "11:00", "11:40", seat=1, setup_s=600),),
        legs=(),
    )


def _visit(
    job: str, arrive: str, start: str, end: str, *, seat: int = 0, setup_s: int = 0
) -> PlannedVisit:
    return PlannedVisit(
        job=job, seat=seat, arrive=at(arrive), start=at(start), end=at(end), setup_s=setup_s
    )


def _leg(
    origin: str, destination: str, depart: str, arrive: str, *, km: int, travel_s: int | None = None
) -> Leg:
    return Leg(
        origin=origin,
        destination=destination,
        depart=at(depart),
        arrive=at(arrive),
        travel_s=km * SECONDS_PER_KM["car"] if travel_s is None else travel_s,
        distance_m=km * 1000,
    )
