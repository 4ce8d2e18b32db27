"""Small days made by hand, and travel on a chessboard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from dispatch.domain.clock import localise
from dispatch.domain.day import Day
from dispatch.domain.job import Job, JobType
from dispatch.domain.policy import Policy
from dispatch.domain.position import Place, Position
from dispatch.domain.shift import Shift
from dispatch.domain.site import Site, Territory
from dispatch.domain.skill import HeldSkill, Skill
from dispatch.domain.technician import Technician
from dispatch.domain.window import Window, WindowKind
from dispatch.planning.compile import Compiled, compile_day
from dispatch.planning.duty import Duty, duties_of
from dispatch.planning.horizon import Horizon
from dispatch.planning.travel_times import Progress, TravelMatrix
from dispatch.planning.visit import Visit, visits_of

ZONE = "Europe/Stockholm"
MINUTE_DEGREES = 0.01
"""One minute of travel on the board."""
DATE = datetime(2026, 3, 3)  # noqa: DTZ001 - a wall clock; localise gives it a zone


def at(hour: float) -> datetime:
    """A wall-clock hour of the day."""
    return localise(DATE + timedelta(seconds=round(3_600 * hour)), ZoneInfo(ZONE))


def spot(east: float = 0, north: float = 0) -> Position:
    """A place so many minutes east and north of the middle."""
    return Position(north * MINUTE_DEGREES, east * MINUTE_DEGREES)


def window(start: float, end: float, kind: WindowKind = WindowKind.HARD) -> Window:
    return Window(start=at(start), end=at(end), kind=kind)


def shift(start: float = 8, end: float = 16, name: str = "day", **more: Any) -> Shift:
    return Shift(id=name, start=at(start), end=at(end), **more)


def technician(name: str = "T1", **more: Any) -> Technician:
    """At home in the middle, from 8 to 16."""
    usual: dict[str, Any] = {"home": spot(), "shifts": (shift(),)}
    return Technician(id=name, **(usual | more))


def held(skill: str = "gas", level: int = 3, **more: Any) -> HeldSkill:
    return HeldSkill(skill=skill, level=level, **more)


def job(name: str = "J1", **more: Any) -> Job:
    """An hour of work, ten minutes east."""
    usual: dict[str, Any] = {"type": "repair", "site": "east"}
    return Job(id=name, **(usual | more))


SITES = (
    Site(id="east", position=spot(10), territory="right"),
    Site(id="west", position=spot(-10), territory="left"),
    Site(id="far", position=spot(100)),
)
REPAIR = JobType(id="repair", duration_s=3_600)


def day(
    jobs: Sequence[Job] = (), technicians: Sequence[Technician] | None = None, **more: Any
) -> Day:
    """The third of March 2026 in Stockholm; wages are 36 an hour, so a cent a second."""
    usual: dict[str, Any] = {
        "id": "made",
        "zone": ZONE,
        "start": at(0),
        "end": at(24),
        "policy": Policy(wage_minor_per_h=3_600),
        "skills": (Skill(id="gas"), Skill(id="power")),
        "territories": (Territory(id="left"), Territory(id="right")),
        "sites": SITES,
        "job_types": (REPAIR,),
        "jobs": tuple(jobs),
        "technicians": (technician(),) if technicians is None else tuple(technicians),
    }
    return Day(**(usual | more))


def only_visit(made: Day) -> Visit:
    """The first visit of a day."""
    return visits_of(made, Horizon.of(made))[0]


def only_duty(made: Day) -> Duty:
    """The first duty of a day."""
    return duties_of(made, Horizon.of(made))[0]


def pair(
    wanted: Job | None = None, person: Technician | None = None, **more: Any
) -> tuple[Visit, Duty]:
    """A visit and a duty to compare."""
    made = day([wanted or job()], [person or technician()], **more)
    return only_visit(made), only_duty(made)


@dataclass(frozen=True, slots=True)
class Board:
    """Travel along rows and columns, a minute for each hundredth of a degree, at 10 m/s."""

    name: str = "board"
    slower: dict[str, int] = field(default_factory=lambda: {"bicycle": 3})

    def matrix(
        self,
        places: Sequence[Place],
        *,
        profile: str = "car",
        departure: datetime | None = None,
        progress: Progress | None = None,
    ) -> TravelMatrix:
        spots = np.array([(place.position.lat, place.position.lon) for place in places])
        apart = np.abs(spots[:, None] - spots[None, :]).sum(axis=2)
        seconds = np.rint(apart / MINUTE_DEGREES * 60).astype(np.int64)
        if progress is not None:
            progress(1.0)
        return TravelMatrix(
            seconds * self.slower.get(profile, 1), seconds * 10, np.zeros(len(places), np.int64)
        )

    def line(self, places: Sequence[Place], *, profile: str = "car") -> tuple[Position, ...]:
        return tuple(place.position for place in places)


def compiled(made: Day) -> Compiled:
    return compile_day(made, Board())
