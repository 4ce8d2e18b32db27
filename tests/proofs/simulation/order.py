"""Whoever comes after something else comes after it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from dispatch.domain.states.visit import ENDED, PLANNED
from dispatch.operations.network.outlets import TO_DO
from dispatch.store.rows.events import EventRow
from dispatch.store.rows.jobs import JobRow
from dispatch.store.waiting import dependencies_of
from dispatch.store.work import Work

QUICKEST = 0.75
"""Somebody has become slower at most so much."""


def wrong_order(work: Work) -> Iterator[str]:
    """Nobody is to come before what their job waits for, unless it was pinned, or that is late.

    Of what has not begun: who is at it may be late, too, and who is to do it have become slower.
    """
    query = select(JobRow).where(JobRow.state.in_(TO_DO)).options(selectinload(JobRow.visits))
    jobs = {job.key: job for job in work.session.scalars(query)}
    for job in jobs.values():
        starts = [start for start, _ in _to_come(job)]
        if not starts or any(visit.pin is not None for visit in job.visits):
            continue
        for each in dependencies_of(job):
            before = _to_come(jobs[each.job]) if each.job in jobs else []
            ends = [start + QUICKEST * (end - start) for start, end in before]
            first = max(ends, default=min(starts)) + timedelta(seconds=each.min_delay_s)
            if ends and min(starts) < first and not _was_late(work, jobs[each.job]):
                whose = [visit.id for one in (job, jobs[each.job]) for visit in one.visits]
                yield f"order: {each.job} ends at {first}, {job.key} begins before: {whose}"


def _was_late(work: Work, job: JobRow) -> bool:
    """Whether it was given another time when it should have begun already."""
    events = work.session.scalars(
        select(EventRow).where(
            EventRow.subject_id.in_([visit.id for visit in job.visits]),
            EventRow.kind == "visit.scheduled",
        )
    )
    times = ((event.at, (event.before or {}).get("start_at")) for event in events)
    return any(start is not None and datetime.fromisoformat(start) < at for at, start in times)


def _to_come(job: JobRow) -> list[tuple[datetime, datetime]]:
    """When its visits are to be, if all that are left are planned and none has begun."""
    left = [visit for visit in job.visits if visit.state not in ENDED]
    times = [(visit.start_at, visit.end_at) for visit in left if visit.state in PLANNED]
    found = [(start, end) for start, end in times if start is not None and end is not None]
    return found if len(found) == len(left) else []
