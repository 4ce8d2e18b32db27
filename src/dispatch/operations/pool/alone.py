"""What one technician has to do, without the others that it is tied to."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from dispatch.domain.day import Day
from dispatch.domain.job import Crew, Job, Pin, PinLevel
from dispatch.domain.plan import Reason
from dispatch.domain.states.visit import UNDER_WAY
from dispatch.domain.window import Window
from dispatch.store.bounds import Bounds, hard_windows
from dispatch.store.kinds.kind import Span
from dispatch.store.rows.jobs import VisitRow
from dispatch.store.seats import planned_seats
from dispatch.store.snapshot import among_themselves

NONE = Bounds()


@dataclass(frozen=True, slots=True)
class Alone:
    """The day of one technician."""

    day: Day
    held: Mapping[str, Reason]
    """Why some jobs cannot be done on it."""
    tied: bool
    """Whether what has a place is tied to what others do."""


def day_of_one(
    day: Day,
    visits: Sequence[VisitRow],
    bounds: Mapping[str, Bounds],
    fixed: Collection[str],
    unavoidable: Mapping[str, datetime],
) -> Alone:
    """Without what others do: of a crew only the seat of this technician, at its time.

    So stay ``fixed`` jobs, and what waits for a job that has no place yet. What waits for a job of
    somebody else, or is awaited, keeps its bounds; what a customer was promised is kept.

    Parameters
    ----------
    unavoidable
        Until when what is late may be later than when it is, and later than others wait for.
    """
    seats = {visit.job.key: visit for visit in visits}
    asked = day.jobs_by_id.keys() - seats.keys()
    crews = {job.id for job in day.jobs if day.crew(job) is not None}
    in_vain = {job.id for job in day.jobs if any(entry.job in asked for entry in job.dependencies)}
    whole = Span(day.start, day.end)
    jobs: list[Job] = []
    held: dict[str, Reason] = {}
    for job in day.jobs:
        visit = seats.get(job.id)
        left = tuple(entry for entry in job.dependencies if entry.job not in crews)
        met = tuple(entry for entry in left if entry.job in seats)
        alone = replace(job, dependencies=left if visit is None else met)
        if visit is not None and job.id in crews:
            alone = _stays(_seat_alone(day, job, visit), day, visit, unavoidable)
        elif visit is not None and visit.state in UNDER_WAY:
            alone = replace(job, dependencies=())
        elif visit is not None and job.id in fixed:
            alone = _stays(replace(alone, dependencies=()), day, visit, unavoidable)
        elif visit is not None and job.id in in_vain:
            alone = _stays(alone, day, visit, unavoidable)
        elif visit is not None:
            kept = replace(alone, windows=_promised(visit, job) or job.windows)
            bound = bounds.get(job.id, NONE).stay(visit.start_at)
            if bound.last is not None and job.id in unavoidable:
                bound = replace(bound, last=max(bound.last, unavoidable[job.id]))
            alone = bound.within(kept, whole) or _stays(alone, day, visit, unavoidable)
        elif job.id in bounds:
            within = bounds[job.id].within(alone, whole)
            if within is None:
                held[job.id] = bounds[job.id].why_not(whole)
                continue
            alone = within
        jobs.append(alone)
    types = tuple(replace(entry, crew=None) for entry in day.job_types)
    whole_day = replace(day, jobs=tuple(among_themselves(jobs)), job_types=types)
    tied = crews | in_vain | bounds.keys() | set(fixed)
    return Alone(whole_day, held, not tied.isdisjoint(seats))


def _seat_alone(day: Day, job: Job, visit: VisitRow) -> Job:
    """The seat of one of a crew, by itself."""
    number = planned_seats(visit.job.visits).get(visit.id, 0)
    seat = day.seats(job)[number]
    return replace(
        job,
        dependencies=(),
        crew=Crew(seats=(seat,)),  # whose own needs stand for those of its job and its type
        parts=job.parts if number == 0 else {},
        published=(),
    )


def _stays(job: Job, day: Day, visit: VisitRow, unavoidable: Mapping[str, datetime]) -> Job:
    """Somebody else comes at this time, too."""
    start, last = visit.start_at, unavoidable.get(job.id)
    if start is None or last is None or last <= start or visit.state in UNDER_WAY:
        return replace(job, pins=(_held(day, visit),))
    return replace(job, pins=(), windows=(Window(start=start, end=last),))


def _held(day: Day, visit: VisitRow) -> Pin:
    """The others of the crew come at this time."""
    return Pin(technician=day.technicians[0].id, level=PinLevel.TIME, start=visit.start_at)


def _promised(visit: VisitRow, job: Job) -> tuple[Window, ...]:
    """What of the job's hard windows was promised to the customer, if it is kept so far."""
    opens, closes, start = visit.promised_from, visit.promised_to, visit.start_at
    if opens is None or closes is None or start is None or not opens <= start <= closes:
        return ()
    return hard_windows(job, opens, closes)
