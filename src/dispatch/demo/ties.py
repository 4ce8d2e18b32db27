"""What ties the jobs of a sample day to people and to each other.

Preferred, required and prohibited technicians, dependencies and pins: a few of each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from dispatch.demo.calendar import at
from dispatch.demo.draw import one, some
from dispatch.demo.eligible import eligible
from dispatch.demo.trades import JOB_TYPES
from dispatch.domain.job import Dependency, Job, Pin, PinLevel
from dispatch.domain.technician import Technician

TYPES = {job_type.id: job_type for job_type in JOB_TYPES}
QUICKEST_DELAY_S, LONGEST_DELAY_S = 15 * 60, 4 * 3600


def tie(rng: np.random.Generator, jobs: Sequence[Job], staff: Sequence[Technician]) -> list[Job]:
    """The same jobs in the same order, some of them tied; no job is tied twice."""
    plain = [job for job in jobs if TYPES[job.type].crew is None]
    lots = iter(some(rng, plain, len(plain)))
    hundredth = max(1, len(jobs) // 100)
    tied: dict[str, Job] = {}
    for _ in range(6 * hundredth):
        _keep(tied, _preferring(rng, next(lots), staff))
    for _ in range(3 * hundredth):
        _keep(tied, _avoiding(rng, next(lots), staff))
    for _ in range(2 * hundredth):
        _keep(tied, _requiring(rng, next(lots), staff))
    for _ in range(2 * hundredth):
        _keep(tied, *_one_after_another(next(lots), next(lots)))
    for _ in range(hundredth):
        _keep(tied, _held_to_technician(rng, next(lots), staff))
    unbooked = (job for job in lots if not job.windows and job.sla_due is None)
    _keep(tied, _held_to_time(rng, next(unbooked), staff))
    _keep(tied, *_held_in_order(rng, list(unbooked), staff))
    return [tied.get(job.id, job) for job in jobs]


def _keep(tied: dict[str, Job], *jobs: Job) -> None:
    tied.update((job.id, job) for job in jobs)


def _able(job: Job, staff: Sequence[Technician]) -> list[Technician]:
    return eligible(staff, job, TYPES[job.type])


def _employed(people: Sequence[Technician]) -> list[Technician]:
    """Those without an absence who work the morning: safe to pin to."""
    nine = at(9)
    return [
        person
        for person in people
        if not (person.contractor or person.absences) and person.shifts[0].start <= nine
    ]


def _preferring(rng: np.random.Generator, job: Job, staff: Sequence[Technician]) -> Job:
    liked = some(rng, _able(job, staff), 2)
    return replace(job, preferred_technicians=tuple(person.id for person in liked))


def _avoiding(rng: np.random.Generator, job: Job, staff: Sequence[Technician]) -> Job:
    able = _able(job, staff)
    unwanted = some(rng, able, 1) if len(able) > 2 else []
    return replace(job, prohibited_technicians=tuple(person.id for person in unwanted))


def _requiring(rng: np.random.Generator, job: Job, staff: Sequence[Technician]) -> Job:
    wanted = some(rng, _employed(_able(job, staff)), 2)
    return replace(job, required_technicians=tuple(person.id for person in wanted))


def _one_after_another(first: Job, second: Job) -> tuple[Job, Job]:
    """The second at the first one's site, soon after it, and without a window of its own."""
    after = Dependency(job=first.id, min_delay_s=QUICKEST_DELAY_S, max_delay_s=LONGEST_DELAY_S)
    return first, replace(second, site=first.site, windows=(), sla_due=None, dependencies=(after,))


def _held_to_technician(rng: np.random.Generator, job: Job, staff: Sequence[Technician]) -> Job:
    people = _employed(_able(job, staff))
    return replace(job, pins=tuple(Pin(technician=one(rng, people).id) for _ in people[:1]))


def _held_to_time(rng: np.random.Generator, job: Job, staff: Sequence[Technician]) -> Job:
    people = _employed(_able(job, staff))
    start = at(one(rng, (9.0, 9.5, 10.0)))
    return replace(
        job,
        pins=tuple(
            Pin(technician=one(rng, people).id, level=PinLevel.TIME, start=start)
            for _ in people[:1]
        ),
    )


def _held_in_order(
    rng: np.random.Generator, jobs: Sequence[Job], staff: Sequence[Technician]
) -> list[Job]:
    """Two jobs that one person can do, in this order."""
    people = _employed(staff)
    for person in some(rng, people, len(people)):
        doable = [job for job in jobs if _able(job, (person,))][:2]
        if len(doable) == 2:
            return [
                replace(job, pins=(Pin(technician=person.id, level=PinLevel.ORDER, order=order),))
                for order, job in enumerate(doable, start=1)
            ]
    return []
