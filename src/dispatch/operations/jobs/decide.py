"""Hold a job back, let it go on, or cancel it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from dispatch.domain.actor import Actor
from dispatch.domain.states import job as states
from dispatch.domain.states.job import JOB, JobAction, JobState
from dispatch.domain.states.visit import ENDED, VISIT, VisitAction, VisitState
from dispatch.errors import Refused
from dispatch.operations.jobs.seats import free_seats
from dispatch.store.board import day_of, touch_days
from dispatch.store.database import Database
from dispatch.store.jobs import follow_visits
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.waiting import stays, waiting_for
from dispatch.store.wishes import close_wishes
from dispatch.store.work import Work, expect


def hold_job(database: Database, actor: Actor, job_id: UUID, *, why: str) -> None:
    """Let nobody do it for now: what has not begun of it is taken off its routes.

    So is what waits for it and has not begun, unless it is pinned.

    Raises
    ------
    Missing, Refused
        There is no such job; ``state.job``.
    """
    with database.work(actor) as work:
        waiting = waiting_for(work, work.get(JobRow, job_id))
        row, *after = held_jobs(work, [job_id, *waiting])
        hold(work, row, why=why, after=after)
        work.commit()


def hold(work: Work, row: JobRow, *, why: str, after: Sequence[JobRow] = ()) -> None:
    """The same, for a job that this work has to itself already, and what is ``after`` it."""
    row.state = JOB.after(JobAction.HOLD, row.state)
    work.note("job.held", row, why=why)
    in_vain = [other for other in after if not stays(other)]
    touch_visits(work, row, *in_vain)
    free_seats(work, row, "held")
    for other in in_vain:
        free_seats(work, other, "waits")
    follow_visits(work, in_vain)


def resume_job(database: Database, actor: Actor, job_id: UUID) -> None:
    """Let it be done again; raises as :func:`hold_job`."""
    with database.work(actor) as work:
        row = held_job(work, job_id)
        row.state = JOB.after(JobAction.RESUME, row.state)
        work.note("job.resumed", row)
        follow_visits(work, [row])
        work.commit()


def cancel_job(database: Database, actor: Actor, job_id: UUID, *, why: str) -> None:
    """Let it be done by nobody, or the rest of it.

    Visits that have ended stay as they are, with what was shown, charged and paid for them. A job
    of which a visit is completed is completed without the rest. What its customer wishes is closed.

    Raises
    ------
    Missing, Refused
        There is no such job; ``state.job``; ``job.begun``: somebody is at it, or on the way.
    """
    with database.work(actor) as work:
        cancel(work, held_job(work, job_id), why=why)
        work.commit()


def cancel(work: Work, row: JobRow, *, why: str) -> None:
    """The same, for a job that this work has to itself already."""
    if states.is_under_way(seats_of(row)):
        raise Refused("job.begun", job=row.key)
    cancelled = JOB.after(JobAction.CANCEL, row.state)
    done = any(visit.state is VisitState.COMPLETED for visit in row.visits)
    row.state = JobState.COMPLETED if done else cancelled
    work.note("job.rest_cancelled" if done else "job.cancelled", row, why=why)
    touch_visits(work, row)
    free_seats(work, row, "cancelled")
    for visit in row.visits:
        if visit.state not in ENDED:
            visit.state = VISIT.after(VisitAction.CANCEL, visit.state)
            work.note("visit.cancelled", visit, why=why)
    close_wishes(work, row, "cancelled")


def prioritise_job(
    database: Database, actor: Actor, job_id: UUID, priority: int, *, expected: int | None = None
) -> None:
    """Say how urgent it is, 1 to 5; raises Missing, Stale, and Refused for what has ended."""
    with database.work(actor) as work:
        row = held_job(work, job_id)
        expect(row, expected)
        if row.state in (JobState.CANCELLED, JobState.SETTLED):
            raise Refused("job.begun", job=row.key)
        row.priority = priority
        work.note("job.prioritised", row)
        work.commit()


def expect_unbound(row: JobRow) -> None:
    """See that nobody is at a job, and that no seat of it is done.

    One that was not done, or suspended, leaves a rest that can be changed; so does one that is to
    go once more.

    Raises
    ------
    Refused
        ``job.begun``.
    """
    if is_bound(row):
        raise Refused("job.begun", job=row.key)


def is_bound(row: JobRow) -> bool:
    """Whether somebody is at a job, or a seat of it is done and does not go once more."""
    return states.is_bound(seats_of(row))


def seats_of(row: JobRow) -> list[states.SeatState]:
    """The seats of all its visits, and where these stand."""
    return [(visit.seat, visit.state) for visit in row.visits]


def held_job(work: Work, job_id: UUID) -> JobRow:
    """The job, held by this work."""
    (row,) = held_jobs(work, [job_id])
    return row


def held_jobs(work: Work, ids: Sequence[UUID]) -> list[JobRow]:
    """Some jobs, held by this work; their visits first, so that nobody waits in a circle."""
    visits = (visit.id for job in ids for visit in work.get(JobRow, job).visits)
    for visit in sorted(visits):
        work.get(VisitRow, visit, lock=True)
    held = {job: work.get(JobRow, job, lock=True) for job in sorted(ids)}
    return [held[job] for job in ids]


def touch_visits(work: Work, *rows: JobRow) -> None:
    """Count up the boards that visits of some jobs are on."""
    visits = [visit for row in rows for visit in row.visits if visit.start_at]
    touch_days(work.session, (day_of(work.session, visit) for visit in visits))
