"""Who may take a seat of a sample job, by skill and parts alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dispatch.demo.calendar import DATE
from dispatch.domain.job import Job, JobType, Seat, parts_of
from dispatch.domain.skill import NeededSkill
from dispatch.domain.technician import Technician
from dispatch.planning.needs import Needs
from dispatch.planning.visit import needs_of


def eligible(
    staff: Sequence[Technician], job: Job, job_type: JobType, seat: int = 0
) -> list[Technician]:
    """Everybody who is there, has the skills, and for the first seat carries the parts."""
    crew = job.crew or job_type.crew
    needs = needs_of(job, job_type, crew.seats[seat] if crew else Seat())
    parts = parts_of(job_type.parts, job.parts) if seat == 0 else {}
    return [
        person
        for person in staff
        if not gone(person) and _can(person, needs) and _carries(person, parts)
    ]


def _carries(technician: Technician, parts: Mapping[str, int]) -> bool:
    return all(technician.capacity.get(part, 0) >= count for part, count in parts.items())


def _can(technician: Technician, needs: Needs) -> bool:
    return (
        all(_has(technician, need) for need in needs.all_of)
        and all(any(_has(technician, need) for need in some) for some in needs.one_of_each)
        and not any(technician.held(skill) for skill in needs.none_of)
    )


def _has(technician: Technician, need: NeededSkill) -> bool:
    held = technician.held(need.skill)
    return held is not None and held.level >= need.min_level and held.valid_on(DATE)


def gone(technician: Technician) -> bool:
    """Away for all of the first shift."""
    first = technician.shifts[0]
    return any(away.start <= first.start and away.end >= first.end for away in technician.absences)
