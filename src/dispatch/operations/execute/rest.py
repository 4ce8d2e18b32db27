"""What is left to do of a job after a visit that has ended."""

from __future__ import annotations

from dispatch.domain.action import UNDECIDED, NotDone
from dispatch.domain.states.job import JOB, JobAction
from dispatch.operations.jobs.decide import hold
from dispatch.operations.jobs.seats import follow_up
from dispatch.store.jobs import follow_visits
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.work import Work


def leave_rest(work: Work, job: JobRow, visit: VisitRow, reason: NotDone | None = None) -> None:
    """Let another visit be there for what is left to do, and the job follow.

    Parameters
    ----------
    job
        With all its visits held by this work: they may lose their places.
    reason
        Why it was not done; after some of them the job waits until somebody has decided.
    """
    follow_up(work, job, visit)
    follow_visits(work, [job])
    if reason in UNDECIDED and job.state in JOB.moves[JobAction.HOLD]:
        hold(work, job, why=reason.value)
