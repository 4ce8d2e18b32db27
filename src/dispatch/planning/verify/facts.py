"""A plan beside its day: what every rule of the checker looks at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from dispatch.domain.clock import elapsed_s
from dispatch.domain.day import Day
from dispatch.domain.job import Job, JobType, Pin, Seat
from dispatch.domain.plan import Plan, PlannedVisit, Route
from dispatch.domain.published import Published
from dispatch.domain.shift import Shift
from dispatch.domain.site import Site
from dispatch.domain.skill import NeededSkill, SkillNeeds
from dispatch.domain.technician import Technician
from dispatch.errors import Value
from dispatch.planning.verify.fault import Fault
from dispatch.planning.verify.ways import Ways


@dataclass(frozen=True, slots=True, eq=False)
class Stop:
    """A planned visit with all that the day says about it."""

    planned: PlannedVisit
    job: Job
    type: JobType
    site: Site
    seat: Seat
    ended_on: date
    """In the day's zone."""

    @property
    def asked(self) -> tuple[SkillNeeds, ...]:
        """The seat's own needs alone, or else the type's and the job's: all have to be met."""
        if self.seat.needs is not None:
            return (self.seat.needs,)
        return (self.type.needs, self.job.needs)

    @property
    def all_of(self) -> tuple[NeededSkill, ...]:
        """Skills of which all are needed, each at the highest level that is asked for."""
        return _strictest(*(need for needs in self.asked for need in needs.all_of))

    @property
    def choices(self) -> tuple[tuple[NeededSkill, ...], ...]:
        """Skills of which one of each is needed."""
        return tuple(needs.any_of for needs in self.asked if needs.any_of)

    @property
    def none_of(self) -> frozenset[str]:
        """Skills that nobody may have who does it."""
        return frozenset(skill for needs in self.asked for skill in needs.none_of)

    @property
    def usual_s(self) -> int:
        """The work before any factor, without set-up: the seat's, the job's, or the type's."""
        return self.seat.duration_s or self.job.duration_s or self.type.duration_s

    @property
    def pin(self) -> Pin | None:
        """The pin of this seat."""
        return next((pin for pin in self.job.pins if pin.seat == self.planned.seat), None)

    @property
    def published(self) -> Published | None:
        """What has been published of this seat."""
        of_seat = (told for told in self.job.published if told.seat == self.planned.seat)
        return next(of_seat, None)


@dataclass(frozen=True, slots=True, eq=False)
class KnownRoute:
    """A route of a technician and a shift that exist, with the visits that exist."""

    route: Route
    technician: Technician
    shift: Shift
    stops: tuple[Stop, ...]

    def fault(self, code: str, stop: Stop | None = None, /, **values: Value) -> Fault:
        """A fault on this route, or at one of its stops."""
        return Fault(
            code=code,
            technician=self.technician.id,
            shift=self.shift.id,
            job=stop.job.id if stop else None,
            values=values,
        )

    def rests(self) -> list[tuple[datetime, datetime]]:
        """Breaks taken, and absences."""
        breaks = [(rest.start, rest.end) for rest in self.route.breaks]
        return breaks + [(absence.start, absence.end) for absence in self.technician.absences]

    def rest_s(self, start: datetime, end: datetime) -> int:
        """Seconds of breaks and absences from ``start`` to ``end``; none is counted twice."""
        spans = sorted(
            (elapsed_s(start, first), elapsed_s(start, last)) for first, last in self.rests()
        )
        length, counted, total = elapsed_s(start, end), 0, 0
        for begins, ends in spans:
            first, last = max(begins, counted), min(ends, length)
            if first < last:
                total += last - first
                counted = last
        return total


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """The day, the plan, and the two put side by side."""

    day: Day
    plan: Plan
    routes: tuple[KnownRoute, ...]
    ways: Ways

    def stops(self) -> Iterator[tuple[KnownRoute, Stop]]:
        """Every known visit with its route."""
        return ((known, stop) for known in self.routes for stop in known.stops)

    def served(self) -> Mapping[str, tuple[tuple[KnownRoute, Stop], ...]]:
        """By job, each of its visits with its route, in the order of their seats."""
        served: dict[str, list[tuple[KnownRoute, Stop]]] = {}
        for known, stop in sorted(self.stops(), key=lambda visit: visit[1].planned.seat):
            served.setdefault(stop.job.id, []).append((known, stop))
        return {job: tuple(visits) for job, visits in served.items()}


def _strictest(*needed: NeededSkill) -> tuple[NeededSkill, ...]:
    """Each skill once, where it was named first, at the highest level named."""
    return tuple(
        NeededSkill(skill=skill, min_level=max(_levels(needed, skill)))
        for skill in dict.fromkeys(need.skill for need in needed)
    )


def _levels(needed: Iterable[NeededSkill], skill: str) -> Iterator[int]:
    return (need.min_level for need in needed if need.skill == skill)
