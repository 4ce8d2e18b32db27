"""Jobs that wait for a time that is over: imports of history bring such, and mistakes."""

from __future__ import annotations

from datetime import datetime

from dispatch.domain.states.job import JobState
from dispatch.domain.states.visit import VisitState
from dispatch.errors import NOWHERE, Finding, Place
from dispatch.store.days import hard_spans
from dispatch.store.rows.jobs import JobRow

WAITS = (JobState.OPEN, JobState.OFFERED, JobState.IN_PROGRESS)
"""Somebody may still have to be found for it."""


def doubts_of(job: JobRow, now: datetime, place: Place = NOWHERE) -> tuple[Finding, ...]:
    """A warning (``job.past``) if all hard windows of a job that waits were over before now."""
    ends = [window.end for window in hard_spans(job)]
    waits = any(visit.state is VisitState.UNSCHEDULED for visit in job.visits)
    if job.state not in WAITS or not waits or not ends or max(ends) >= now:
        return ()
    values = {"job": job.key, "end": max(ends).isoformat()}
    return (Finding("job.past", place, values, severity="warning"),)
