"""Jobs that would wait for one another in a circle: in the record, whatever day they are of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

from sqlalchemy import ARRAY, Text, any_, literal, select, text

from dispatch.domain.day import Day
from dispatch.domain.job import Job
from dispatch.errors import Finding, InvalidInput, Refused
from dispatch.planning.check.cycles import circles
from dispatch.planning.check.pointer import at
from dispatch.store.locks import Lock, hold
from dispatch.store.rows.jobs import JobRow
from dispatch.store.waiting import UNSEEN
from dispatch.store.work import Work

WAITS = text("""
    WITH RECURSIVE waits (job, before) AS (
        SELECT job.key, entry ->> 'job'
        FROM job CROSS JOIN LATERAL jsonb_array_elements(job.said -> 'dependencies') AS entry
        WHERE job.key = ANY(:jobs)
        UNION
        SELECT job.key, entry ->> 'job'
        FROM waits JOIN job ON job.key = waits.before
        CROSS JOIN LATERAL jsonb_array_elements(job.said -> 'dependencies') AS entry
    )
    SELECT job, before FROM waits ORDER BY job, before
""")
"""What some jobs wait for, and what that waits for, of whatever outlet and in whatever state: one
that is over can be reopened."""


def see_no_circle(work: Work, job: Job) -> None:
    """See that a job which has been written does not wait for itself.

    Raises
    ------
    Refused
        ``job.dependency-cycle``
    """
    if not job.dependencies:
        return
    for circle in _circles(work, [job.id]):
        raise Refused("job.dependency-cycle", circle=_told(work, circle))


def see_no_circles(work: Work, day: Day) -> None:
    """The same of all jobs of a file, and the jobs of the record that these wait for.

    Raises
    ------
    InvalidInput
        ``job.dependency-cycle``, at the first job of each circle that is in the file.
    """
    numbers = {job.id: number for number, job in enumerate(day.jobs)}
    waiting = [job.id for job in day.jobs if job.dependencies]
    found = [
        Finding(
            "job.dependency-cycle",
            at("jobs", min(numbers[key] for key in circle if key in numbers), "dependencies"),
            {"circle": _told(work, circle)},
        )
        for circle in _circles(work, waiting)
    ]
    if found:
        raise InvalidInput(found)


def _circles(work: Work, jobs: Collection[str]) -> list[list[str]]:
    """Those in which one of these jobs is."""
    if not jobs:
        return []
    work.session.flush()
    hold(work.session, Lock.CIRCLES)
    waits: dict[str, set[str]] = defaultdict(set)
    for job, before in work.session.execute(WAITS, {"jobs": list(jobs)}):
        waits[job].add(before)
    return [circle for circle in circles(waits) if not set(jobs).isdisjoint(circle)]


def _told(work: Work, circle: Sequence[str]) -> str:
    query = select(JobRow.key).where(JobRow.key == any_(literal(list(circle), ARRAY(Text))))
    seen = set(work.session.scalars(query))
    return " → ".join(key if key in seen else UNSEEN for key in circle)
