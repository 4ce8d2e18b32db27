"""The work a customer asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from dispatch.domain import checks
from dispatch.domain.published import MOST_ORDER, MOST_SEATS, Published
from dispatch.domain.skill import NO_NEEDS, SkillNeeds
from dispatch.domain.window import Window
from dispatch.errors import InvalidValue

MOST_URGENT, LEAST_URGENT = 1, 5
MOST: Mapping[str, int] = {
    "windows": checks.MOST_WINDOWS,
    "required_technicians": checks.MOST_NAMED,
    "preferred_technicians": checks.MOST_NAMED,
    "prohibited_technicians": checks.MOST_NAMED,
    "dependencies": checks.MOST_DEPENDENCIES,
    "parts": checks.MOST_PARTS,
    "pins": MOST_SEATS,
    "published": MOST_SEATS,
}
"""Entries of each list of a job."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """One technician's part of a crew's job. What is not said comes from the job."""

    duration_s: int | None = None
    needs: SkillNeeds | None = None

    def __post_init__(self) -> None:
        if self.duration_s is not None:
            checks.within("seat.duration_s", self.duration_s, 1, checks.LONGEST_S)


class CrewTiming(StrEnum):
    """``together``: all start at once. ``sequence``: each after the one before."""

    TOGETHER = "together"
    SEQUENCE = "sequence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Crew:
    """Two or more technicians on one job, each a different one; one, if the others have ended.

    In sequence, each seat starts ``min_delay_s`` to ``max_delay_s`` after the start of the seat
    before it.
    """

    seats: tuple[Seat, ...]
    timing: CrewTiming = CrewTiming.TOGETHER
    min_delay_s: int = 0
    max_delay_s: int = 0

    def __post_init__(self) -> None:
        checks.within("crew.seats", len(self.seats), 1, MOST_SEATS)
        checks.duration("crew.min_delay_s", self.min_delay_s)
        checks.duration("crew.max_delay_s", self.max_delay_s)
        if self.min_delay_s > self.max_delay_s:
            raise InvalidValue("crew.delays", low=self.min_delay_s, high=self.max_delay_s)
        if self.timing is CrewTiming.TOGETHER and self.max_delay_s:
            raise InvalidValue("crew.together-delay", high=self.max_delay_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependency:
    """The job that has one starts ``min_delay_s`` to ``max_delay_s`` after ``job`` has ended."""

    job: str
    min_delay_s: int = 0
    max_delay_s: int | None = None

    def __post_init__(self) -> None:
        checks.identifier("dependency.job", self.job)
        checks.duration("dependency.min_delay_s", self.min_delay_s)
        if self.max_delay_s is not None:
            checks.duration("dependency.max_delay_s", self.max_delay_s)
            if self.min_delay_s > self.max_delay_s:
                raise InvalidValue("dependency.delays", low=self.min_delay_s, high=self.max_delay_s)


class PinLevel(StrEnum):
    """What the solver may not change: who; who and in which order; who and when."""

    TECHNICIAN = "technician"
    ORDER = "order"
    TIME = "time"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """Holds one visit of a job (its seat, 0 without a crew) to a technician."""

    technician: str
    seat: int = 0
    level: PinLevel = PinLevel.TECHNICIAN
    shift: str | None = None
    """Only this shift of theirs."""
    order: int | None = None
    """Level ``order``: pinned visits of a route keep ascending order."""
    start: datetime | None = None
    """Level ``time``: when the visit starts."""

    def __post_init__(self) -> None:
        checks.identifier("pin.technician", self.technician)
        checks.within("pin.seat", self.seat, 0, MOST_SEATS - 1)
        checks.aware("pin.start", self.start)
        if self.order is not None:
            checks.within("pin.order", self.order, 0, MOST_ORDER)
        if (self.level is PinLevel.ORDER) != (self.order is not None):
            raise InvalidValue("pin.order", level=self.level.value)
        if (self.level is PinLevel.TIME) != (self.start is not None):
            raise InvalidValue("pin.time", level=self.level.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobType:
    """The template of a job; a job may say otherwise."""

    id: str
    duration_s: int
    name: str = ""
    needs: SkillNeeds = NO_NEEDS
    crew: Crew | None = None
    parts: Mapping[str, int] = field(default_factory=dict)
    level_factors: Mapping[int, float] = field(default_factory=dict)
    """By the technician's level in the first skill needed: 5 -> 0.85 is quicker."""
    revenue_minor: int = 0
    fee_minor: int = 0

    def __post_init__(self) -> None:
        checks.identifier("job_type.id", self.id)
        checks.name("job_type.name", self.name)
        checks.within("job_type.duration_s", self.duration_s, 1, checks.LONGEST_S)
        checks.few("job_type.parts", self.parts, checks.MOST_PARTS)
        checks.amounts("job_type.parts", self.parts)
        checks.price("job_type.revenue_minor", self.revenue_minor)
        checks.price("job_type.fee_minor", self.fee_minor)
        for level, factor in self.level_factors.items():
            checks.within("job_type.level_factors", level, 1, 5)
            checks.within(f"job_type.level_factors.{level}", factor, 0.1, 10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One visit at a site, or one for each seat of its crew."""

    id: str
    type: str
    site: str
    name: str = ""
    duration_s: int | None = None
    """Instead of the type's."""
    needs: SkillNeeds = NO_NEEDS
    """On top of the type's."""
    crew: Crew | None = None
    """Instead of the type's."""
    windows: tuple[Window, ...] = ()
    """It starts in one of the hard ones; none means any time."""
    sla_due: datetime | None = None
    """It should have ended by then; lateness counts from here."""
    priority: int = 3
    mandatory: bool = False
    """Leaving it out is priced above everything else."""
    required_technicians: tuple[str, ...] = ()
    """Only these; empty means anybody."""
    preferred_technicians: tuple[str, ...] = ()
    prohibited_technicians: tuple[str, ...] = ()
    dependencies: tuple[Dependency, ...] = ()
    parts: Mapping[str, int] = field(default_factory=dict)
    """On top of the type's; used up from the van of the first seat."""
    pins: tuple[Pin, ...] = ()
    published: tuple[Published, ...] = ()
    """What has been published of its visits."""
    revenue_minor: int | None = None
    fee_minor: int | None = None
    """Instead of the type's."""

    def __post_init__(self) -> None:
        for name in ("id", "type", "site"):
            checks.identifier(f"job.{name}", getattr(self, name))
        checks.name("job.name", self.name)
        if self.duration_s is not None:
            checks.within("job.duration_s", self.duration_s, 1, checks.LONGEST_S)
        checks.within("job.priority", self.priority, MOST_URGENT, LEAST_URGENT)
        checks.aware("job.sla_due", self.sla_due)
        for name, most in MOST.items():
            checks.few(f"job.{name}", getattr(self, name), most)
        checks.amounts("job.parts", self.parts)
        checks.distinct("job.pins", (f"seat {pin.seat}" for pin in self.pins))
        checks.distinct("job.published", (f"seat {told.seat}" for told in self.published))
        checks.distinct("job.dependencies", (before.job for before in self.dependencies))
        for name in ("revenue_minor", "fee_minor"):
            if getattr(self, name) is not None:
                checks.price(f"job.{name}", getattr(self, name))

    def published_seat(self, seat: int) -> Published | None:
        """What has been published of one visit."""
        return next((told for told in self.published if told.seat == seat), None)


def parts_of(job_type: Mapping[str, int], job: Mapping[str, int]) -> dict[str, int]:
    """All parts that a job uses up, its type's and its own together, by name."""
    total = Counter(job_type)
    total.update(job)
    return {part: count for part, count in sorted(total.items()) if count}
