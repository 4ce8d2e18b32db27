"""Write down that somebody has looked at what was done."""

from __future__ import annotations

from uuid import UUID

from dispatch.domain.actor import Actor
from dispatch.domain.states.job import JOB, JobAction
from dispatch.operations.jobs.decide import held_job
from dispatch.store.database import Database


def verify_job(database: Database, actor: Actor, job_id: UUID, *, note: str = "") -> None:
    """Let a completed job be verified: what was done of it is as it should be.

    Parameters
    ----------
    note
        What was seen; it stands in the event log.

    Raises
    ------
    Missing, Refused
        There is no such job; ``state.job``.
    """
    with database.work(actor) as work:
        row = held_job(work, job_id)
        row.state = JOB.after(JobAction.VERIFY, row.state)
        work.note("job.verified", row, why=note.strip() or None)
        work.commit()
