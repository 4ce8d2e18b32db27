"""Jobs that nobody can do on the sample day, each for another reason: they are worth showing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeAlias

from dispatch.demo.calendar import window
from dispatch.demo.eligible import gone
from dispatch.demo.trades import JOB_TYPES
from dispatch.domain.job import Job
from dispatch.domain.skill import NeededSkill, SkillNeeds
from dispatch.domain.technician import Technician

Obstacle: TypeAlias = Callable[[Job, Sequence[Technician]], Job]

TYPES = {job_type.id: job_type for job_type in JOB_TYPES}


def obstruct(jobs: Sequence[Job], staff: Sequence[Technician]) -> list[Job]:
    """Each job made impossible, by one kind of obstacle after another."""
    return [OBSTACLES[index % len(OBSTACLES)](job, staff) for index, job in enumerate(jobs)]


def _lapsed_certificate(job: Job, _: Sequence[Technician]) -> Job:
    """The one who had the certificate did not renew it."""
    needed = NeededSkill(skill="high-voltage")
    return replace(_of_type(job, "electrical-fault"), needs=SkillNeeds(all_of=(needed,)))


def _after_hours(job: Job, _: Sequence[Technician]) -> Job:
    """Booked for an evening on which nobody works so late."""
    return replace(_of_type(job, "lift-inspection"), windows=(window(20.5, 21.5),))


def _too_many_parts(job: Job, _: Sequence[Technician]) -> Job:
    """More compressors than any van carries."""
    return replace(_of_type(job, "cold-room-repair"), parts={"compressor": 5})


def _required_is_away(job: Job, staff: Sequence[Technician]) -> Job:
    """The customer insists on somebody who is sick."""
    away = next(person for person in staff if gone(person))
    return replace(_of_type(job, "boiler-service"), required_technicians=(away.id,))


OBSTACLES: tuple[Obstacle, ...] = (
    _lapsed_certificate,
    _after_hours,
    _too_many_parts,
    _required_is_away,
)


def _of_type(job: Job, job_type: str) -> Job:
    """The job as one of this type, with nothing else that could be in the way."""
    return replace(
        job,
        type=job_type,
        name=TYPES[job_type].name,
        duration_s=None,
        windows=(),
        sla_due=None,
        mandatory=False,
    )
