"""Fair shares of the work: by the time that each shift has, evened out with the days before."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import floor

from dispatch.domain.clock import elapsed_s
from dispatch.domain.day import Day
from dispatch.domain.plan import Route
from dispatch.domain.shift import Shift
from dispatch.domain.technician import Technician


def fair_shares(day: Day) -> Mapping[tuple[str, str], int]:
    """By technician and shift, the seconds on visits that are its due; none is below 0.

    All the work of the day, and what anybody has done more than the others before, is shared by
    working time; from their share each gives what they are ahead.
    """
    working = {
        (technician.id, shift.id): working_s(day, technician, shift)
        for technician in day.technicians
        for shift in technician.shifts
    }
    by_person = {
        technician.id: sum(working[technician.id, shift.id] for shift in technician.shifts)
        for technician in day.technicians
    }
    ahead = {
        technician.id: technician.work_ahead_s
        for technician in day.technicians
        if by_person[technician.id]
    }
    total, work = sum(by_person.values()), expected_work_s(day) + sum(ahead.values())
    return {
        (person, shift): max(
            0,
            floor(
                Fraction(work * seconds, total)
                - Fraction(ahead[person] * seconds, by_person[person])
            ),
        )
        if seconds
        else 0
        for (person, shift), seconds in working.items()
    }


def beyond_share_s(route: Route, shares: Mapping[tuple[str, str], int]) -> int:
    """How much longer a route is on visits than is its due."""
    work = sum(elapsed_s(visit.start, visit.end) for visit in route.visits)
    return max(0, work - shares[route.technician, route.shift])


def expected_work_s(day: Day) -> int:
    """Set-up and usual duration of every visit of the day."""
    total = 0
    for job in day.jobs:
        usual = job.duration_s or day.job_types_by_id[job.type].duration_s
        for seat in day.seats(job):
            total += day.sites_by_id[job.site].setup_s + (seat.duration_s or usual)
    return total


def working_s(day: Day, technician: Technician, shift: Shift) -> int:
    """What absences leave of a shift within the planning window."""
    start = max(0, elapsed_s(day.start, shift.start))
    end = min(elapsed_s(day.start, day.end), elapsed_s(day.start, shift.end))
    away = sorted(
        (elapsed_s(day.start, absence.start), elapsed_s(day.start, absence.end))
        for absence in technician.absences
    )
    worked, free = 0, start
    for first, last in away:
        worked += max(0, min(first, end) - free)
        free = max(free, last)
    return worked + max(0, end - free)
