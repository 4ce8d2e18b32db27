"""All that a plan is made from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

from dispatch.domain import checks
from dispatch.domain.clock import elapsed_s
from dispatch.domain.job import Crew, Job, JobType, Seat
from dispatch.domain.policy import Policy
from dispatch.domain.site import Outlet, Site, Territory
from dispatch.domain.skill import Skill
from dispatch.domain.speed import Speed
from dispatch.domain.technician import Technician
from dispatch.errors import InvalidValue


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


_Entry = TypeVar("_Entry", bound=_Identified)


def by_id(entries: Iterable[_Entry]) -> dict[str, _Entry]:
    """Entries by their id; of two with one id the first (``check`` reports the second)."""
    found: dict[str, _Entry] = {}
    for entry in entries:
        found.setdefault(entry.id, entry)
    return found


@dataclass(frozen=True, kw_only=True)
class Day:
    """The input of a planning window of one or more days.

    A day may hold contradictions between its parts (a job of an unknown type, a skill nobody
    has); :func:`dispatch.planning.check.check_day` finds them all.
    """

    id: str
    zone: str
    """IANA name of the zone in which wall clocks are read and shown."""
    start: datetime
    end: datetime
    """The planning window: every visit and shift lies in it."""
    name: str = ""
    policy: Policy = field(default_factory=Policy)
    skills: tuple[Skill, ...] = ()
    territories: tuple[Territory, ...] = ()
    outlets: tuple[Outlet, ...] = ()
    sites: tuple[Site, ...] = ()
    job_types: tuple[JobType, ...] = ()
    technicians: tuple[Technician, ...] = ()
    jobs: tuple[Job, ...] = ()
    speeds: tuple[Speed, ...] = ()
    """Where travel takes longer or shorter than usual: rush hours, nights."""

    def __post_init__(self) -> None:
        checks.identifier("day.id", self.id)
        checks.aware("day", self.start, self.end)
        checks.name("day.name", self.name)
        for name in ("skills", "territories", "outlets", "job_types", "technicians"):
            checks.few(f"day.{name}", getattr(self, name), checks.MOST_LISTED)
        checks.few("day.sites", self.sites, checks.MOST_SITES)
        checks.few("day.jobs", self.jobs, checks.MOST_JOBS)
        checks.few("day.speeds", self.speeds, checks.MOST_SPEEDS)
        if elapsed_s(self.start, self.end) <= 0:
            raise InvalidValue(
                "day.reversed", start=self.start.isoformat(), end=self.end.isoformat()
            )
        checks.duration("day", elapsed_s(self.start, self.end))
        try:
            ZoneInfo(self.zone)
        except (KeyError, ValueError, OSError):
            raise InvalidValue("day.zone", value=self.zone[:120]) from None

    @cached_property
    def zone_info(self) -> ZoneInfo:
        """The zone itself."""
        return ZoneInfo(self.zone)

    @cached_property
    def sites_by_id(self) -> dict[str, Site]:
        """Sites by id."""
        return by_id(self.sites)

    @cached_property
    def outlets_by_id(self) -> dict[str, Outlet]:
        """Outlets by id."""
        return by_id(self.outlets)

    @cached_property
    def job_types_by_id(self) -> dict[str, JobType]:
        """Job types by id."""
        return by_id(self.job_types)

    @cached_property
    def jobs_by_id(self) -> dict[str, Job]:
        """Jobs by id."""
        return by_id(self.jobs)

    @cached_property
    def technicians_by_id(self) -> dict[str, Technician]:
        """Technicians by id."""
        return by_id(self.technicians)

    def crew(self, job: Job) -> Crew | None:
        """The job's crew, its own or its type's; none if one technician does it."""
        return job.crew or self.job_types_by_id[job.type].crew

    def seats(self, job: Job) -> tuple[Seat, ...]:
        """The visits of a job: one for each seat, a single plain one without a crew."""
        crew = self.crew(job)
        return crew.seats if crew else (Seat(),)
