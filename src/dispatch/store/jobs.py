"""Jobs follow their visits."""

from __future__ import annotations

from collections.abc import Iterable

from dispatch.domain.states.job import DECIDED, state_from_visits
from dispatch.store.rows.jobs import JobRow
from dispatch.store.work import Work


def follow_visits(work: Work, jobs: Iterable[JobRow], *, offered: bool = False) -> None:
    """Set the state of jobs by that of their visits, but for what people have decided."""
    for job in jobs:
        if job.state in DECIDED:
            continue
        state = state_from_visits([visit.state for visit in job.visits], offered=offered)
        if state is not job.state:
            job.state = state
            work.note("job.followed", job)
