"""The small day that a template shows: two technicians, three jobs."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dispatch import texts
from dispatch.domain.clock import localise
from dispatch.domain.day import Day
from dispatch.domain.job import Crew, Dependency, Job, JobType, Seat
from dispatch.domain.policy import Policy
from dispatch.domain.position import Position
from dispatch.domain.shift import Absence, Anchor, AnchorKind, Break, Shift
from dispatch.domain.site import Outlet, Site, Territory
from dispatch.domain.skill import HeldSkill, NeededSkill, Skill, SkillNeeds
from dispatch.domain.technician import Technician
from dispatch.domain.window import Window, WindowKind

PLACES = {
    "en": ("Europe/Stockholm", "EUR", Position(57.70, 11.96)),
    "zh": ("Asia/Shanghai", "CNY", Position(31.23, 121.47)),
}
"""Zone, currency and centre by language."""
H = 3600


def example_day(on: date, lang: str) -> Day:
    """The day that shows on ``on`` how tables are filled."""
    zone, currency, centre = PLACES[lang]

    def say(key: str) -> str:
        return texts.say(f"example.{key}", lang)

    def at(hour: int, minute: int = 0) -> datetime:
        wall = datetime.combine(on, time()) + timedelta(hours=hour, minutes=minute)
        return localise(wall, ZoneInfo(zone))

    def near(north: float, east: float) -> Position:
        return Position(round(centre.lat + north, 4), round(centre.lon + east, 4))

    gas, electric = say("gas"), say("electric")
    area, outlet = say("area"), say("outlet")
    install, service = say("install"), say("service")
    first, second = say("first-technician"), say("second-technician")
    sites = tuple(say(f"site-{number}") for number in (1, 2, 3))
    lunch = Break(earliest=at(11, 30), latest=at(13), duration_s=H // 2)
    depot = Anchor(kind=AnchorKind.OUTLET, id=outlet)
    return Day(
        id=f"{on}",
        name=say("day"),
        zone=zone,
        start=at(0),
        end=at(24),
        policy=Policy(currency=currency),
        skills=(Skill(id=gas), Skill(id=electric)),
        territories=(Territory(id=area),),
        outlets=(Outlet(id=outlet, position=near(0, 0)),),
        sites=(
            Site(id=sites[0], position=near(0.02, 0.01), territory=area, setup_s=300),
            Site(id=sites[1], position=near(-0.01, 0.03), territory=area),
            Site(id=sites[2], position=near(0.01, -0.02), territory=area),
        ),
        job_types=(
            JobType(
                id=service,
                duration_s=H,
                needs=SkillNeeds(all_of=(NeededSkill(skill=gas, min_level=2),)),
                parts={say("filter"): 1},
                level_factors={5: 0.85},
                revenue_minor=12_000,
            ),
            JobType(
                id=install,
                duration_s=2 * H,
                crew=Crew(seats=(Seat(), Seat(duration_s=H))),
                revenue_minor=40_000,
            ),
        ),
        technicians=(
            Technician(
                id=first,
                home=near(0.03, -0.03),
                skills=(HeldSkill(skill=gas, level=5, expires=date(on.year + 1, 12, 31)),),
                shifts=(Shift(id="1", start=at(8), end=at(16), breaks=(lunch,), overtime_s=H),),
                capacity={say("filter"): 6},
            ),
            Technician(
                id=second,
                outlet=outlet,
                skills=(HeldSkill(skill=gas, level=2), HeldSkill(skill=electric, level=3)),
                shifts=(Shift(id="1", start=at(9), end=at(17), start_at=depot, end_at=depot),),
                absences=(Absence(start=at(15), end=at(17), reason=say("training")),),
                capacity={say("filter"): 2},
                duration_factor=1.1,
            ),
        ),
        jobs=(
            Job(
                id="J1",
                type=service,
                site=sites[0],
                windows=(
                    Window(start=at(8), end=at(12)),
                    Window(start=at(9), end=at(10), kind=WindowKind.PREFERRED),
                ),
                priority=2,
                preferred_technicians=(first,),
            ),
            Job(id="J2", type=install, site=sites[1], sla_due=at(16)),
            Job(
                id="J3",
                type=service,
                site=sites[2],
                dependencies=(Dependency(job="J1", min_delay_s=H // 2),),
            ),
        ),
    )
