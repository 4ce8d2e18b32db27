"""Jobs follow their visits."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from sqlalchemy import bindparam, or_, select

from dispatch.domain.states.job import DECIDED, JobState, state_from_visits
from dispatch.domain.states.offer import OfferState
from dispatch.store.pushes import goes_round
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.pool import OfferRow
from dispatch.store.rows.pushes import PushRow
from dispatch.store.wishes import close_wishes
from dispatch.store.work import Work

_POOLED = select(OfferRow.id).where(
    OfferRow.visit_id == VisitRow.id, OfferRow.state == OfferState.OPEN
)
_PUSHED = select(PushRow.id).where(PushRow.visit_id == VisitRow.id, goes_round())
_OFFERED = select(VisitRow.job_id).where(
    VisitRow.job_id.in_(bindparam("jobs", expanding=True)),
    or_(_POOLED.exists(), _PUSHED.exists()),
)


def follow_visits(work: Work, jobs: Iterable[JobRow]) -> None:
    """Set the state of jobs by that of their visits, but for what people have decided.

    One that was held while somebody was at it, and is done now, is held back no longer. What was
    wished for one that is done is closed.
    """
    following = [job for job in jobs if job.state not in DECIDED or _is_done(job)]
    offered = _offered(work, {job.id for job in following})
    for job in following:
        states = [visit.state for visit in job.visits]
        state = state_from_visits(states, offered=job.id in offered)
        if state is not job.state:
            job.state = state
            work.note("job.followed", job)
            if state is JobState.COMPLETED:
                close_wishes(work, job, "completed")


def _is_done(job: JobRow) -> bool:
    done = state_from_visits([visit.state for visit in job.visits]) is JobState.COMPLETED
    return job.state is JobState.ON_HOLD and done


def _offered(work: Work, jobs: Collection[UUID]) -> set[UUID]:
    """Which of them the pool holds, or of which one after the other is asked."""
    if not jobs:
        return set()
    return set(work.session.scalars(_OFFERED, {"jobs": list(jobs)}))
