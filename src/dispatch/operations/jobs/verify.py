"""Write down that somebody has looked at what was done."""

from __future__ import annotations

from uuid import UUID

from dispatch.domain.actor import Actor
from dispatch.domain.states.job import JOB, JobAction
from dispatch.operations.jobs.decide import held_job
from dispatch.store.database import Database
from dispatch.store.work import expect


def verify_job(
    database: Database, actor: Actor, job_id: UUID, *, note: str = "", expected: int | None = None
) -> None:
    """Let a completed job be verified: what was done of it is as it should be.

    Parameters
    ----------
    note
        What was seen; it stands in the event log.
    expected
        The version of the job that was looked at: another time that it is done is another matter.

    Raises
    ------
    Missing, Stale, Refused
        There is no such job; it is not at the version that is expected; ``state.job``.
    """
    with database.work(actor) as work:
        row = held_job(work, job_id)
        expect(row, expected)
        row.state = JOB.after(JobAction.VERIFY, row.state)
        work.note("job.verified", row, why=note.strip() or None)
        work.commit()
