"""Let a job be gone to once more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import select

from dispatch.domain.actor import Actor
from dispatch.domain.states.job import JOB, JobAction
from dispatch.domain.window import Window
from dispatch.operations.jobs.create import USUAL_SPAN
from dispatch.operations.jobs.decide import held_jobs
from dispatch.operations.jobs.seats import go_again, offer_no_part
from dispatch.operations.jobs.split import to_be_found
from dispatch.store.database import Database
from dispatch.store.jobs import follow_visits
from dispatch.store.keeping import see_open
from dispatch.store.kinds.jobs import Jobs
from dispatch.store.kinds.kind import Frame, Span
from dispatch.store.rows.evidence import CompletionCodeRow
from dispatch.store.rows.jobs import JobRow
from dispatch.store.rows.outlets import OutletRow
from dispatch.store.waiting import waiting_for
from dispatch.store.wishes import close_wishes
from dispatch.store.work import Work, expect


def reopen_job(
    database: Database,
    actor: Actor,
    job_id: UUID,
    *,
    why: str,
    windows: Sequence[Window] = (),
    expected: int | None = None,
) -> None:
    """Let a job that is done be done again, or be put right: whoever did it is to go once more.

    What was done stays as it is, with what shows it and what was charged and paid; nothing is
    charged for going again. Who is to do it stays, too, but not when. The completion code of before
    is good no longer: whoever was there knows it. What waits for it is taken out of the pool.

    Parameters
    ----------
    windows
        When it may be done now; those it had, if nothing is said. A job without any may be done
        from now on.

    Raises
    ------
    InvalidValue
        There are too many windows (``value.range``).
    Missing, Stale
        There is no such job; it is not at the version that is expected.
    Refused
        ``state.job``; ``outlet.closed``: nothing new comes to its outlet.
    """
    with database.work(actor) as work:
        after = waiting_for(work, work.get(JobRow, job_id))
        row, *others = held_jobs(work, [job_id, *after])
        expect(row, expected)
        row.state = JOB.after(JobAction.REOPEN, row.state)
        see_open(work, work.get(OutletRow, row.outlet_id))
        _renew(work, row, windows)
        work.note("job.reopened", row, why=why)
        go_again(work, row)
        _withdraw_code(work, row)
        close_wishes(work, row, "reopened")
        work.session.flush()
        for other in others:
            offer_no_part(work, other, "waits")
        follow_visits(work, [row, *others])
        work.commit()


def _renew(work: Work, row: JobRow, windows: Sequence[Window]) -> None:
    frame = Frame(work.session, Span(work.now, work.now + USUAL_SPAN))
    job = to_be_found(Jobs().read(row, frame))
    Jobs().write(row, replace(job, windows=tuple(windows) or job.windows), frame)


def _withdraw_code(work: Work, row: JobRow) -> None:
    query = select(CompletionCodeRow).where(CompletionCodeRow.job_id == row.id).with_for_update()
    code = work.session.scalars(query).one_or_none()
    if code is not None:
        work.forget("completion_code.withdrawn", code)
