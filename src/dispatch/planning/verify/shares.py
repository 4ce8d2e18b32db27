"""What is due to each shift of all the work, recomputed."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from math import floor

from dispatch.domain.clock import elapsed_s
from dispatch.domain.day import Day
from dispatch.domain.shift import Shift
from dispatch.domain.technician import Technician
from dispatch.planning.verify.facts import Facts, KnownRoute


def beyond_share_s(facts: Facts) -> Iterator[int]:
    """For each route, its seconds on visits past its due."""
    day = facts.day
    people = [person for person in day.technicians if _time_of(day, person)]
    everybody = sum(_time_of(day, person) for person in people)
    work = _whole_work(day) + sum(person.work_ahead_s for person in people)
    for known in facts.routes:
        done = sum(elapsed_s(stop.planned.start, stop.planned.end) for stop in known.stops)
        yield max(0, done - _due(day, known, Fraction(work, max(1, everybody))))


def _due(day: Day, known: KnownRoute, per_second: Fraction) -> int:
    own, person = _time(day, known.technician, known.shift), _time_of(day, known.technician)
    if not own:
        return 0
    return max(0, floor(own * (per_second - Fraction(known.technician.work_ahead_s, person))))


def _whole_work(day: Day) -> int:
    seats = ((job, seat) for job in day.jobs for seat in day.seats(job))
    return sum(
        day.sites_by_id[job.site].setup_s
        + (seat.duration_s or job.duration_s or day.job_types_by_id[job.type].duration_s)
        for job, seat in seats
    )


def _time_of(day: Day, person: Technician) -> int:
    return sum(_time(day, person, shift) for shift in person.shifts)


def _time(day: Day, person: Technician, shift: Shift) -> int:
    """Seconds of a shift inside the day in which nobody is away: cut at every edge."""
    first = max(0, elapsed_s(day.start, shift.start))
    last = min(elapsed_s(day.start, day.end), elapsed_s(day.start, shift.end))
    spans = [
        (elapsed_s(day.start, absence.start), elapsed_s(day.start, absence.end))
        for absence in person.absences
    ]
    edges = sorted({first, last, *(edge for span in spans for edge in span if first < edge < last)})
    return sum(
        end - start
        for start, end in pairwise(edges)
        if last > first and not any(low <= start and end <= high for low, high in spans)
    )
