"""Jobs that wait for another one, and have a place before it is done."""

from __future__ import annotations

from sqlalchemy import select

from dispatch.domain.states.visit import PLANNED, VisitState
from dispatch.errors import NOWHERE, Finding, Place
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.waiting import waits_for
from dispatch.store.work import Work

MOST = 20
"""So many are named."""


def waits_of(work: Work, job: JobRow, place: Place = NOWHERE) -> tuple[Finding, ...]:
    """A warning (``job.waited-for``) if others that wait for a job have a place before it is done.

    The job has none itself: until the last moment at which it may be done, it may come after them.
    Those that somebody is at, or has done, are left alone.
    """
    if not any(visit.state is VisitState.UNSCHEDULED for visit in job.visits):
        return ()
    query = (
        select(JobRow.key)
        .join(VisitRow, VisitRow.job_id == JobRow.id)
        .where(VisitRow.state.in_(PLANNED), VisitRow.start_at < job.latest, waits_for([job.key]))
        .distinct()
        .order_by(JobRow.key)
        .limit(MOST)
    )
    keys = work.session.scalars(query).all()
    if not keys:
        return ()
    values = {"job": job.key, "jobs": ", ".join(keys)}
    return (Finding("job.waited-for", place, values, severity="warning"),)
