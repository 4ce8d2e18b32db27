"""Take in a job, and change what is to be done of one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from jsonschema import Draft202012Validator
from sqlalchemy.exc import IntegrityError

from dispatch.domain import checks
from dispatch.domain.actor import Actor
from dispatch.domain.job import Job
from dispatch.domain.states.job import JobState
from dispatch.errors import Finding, InvalidInput, Place, Refused
from dispatch.operations.jobs.circles import see_no_circle
from dispatch.operations.jobs.decide import expect_unbound, held_job
from dispatch.operations.jobs.seats import free_misplaced, give_seats
from dispatch.store.board import day_of, touch_days
from dispatch.store.database import Database
from dispatch.store.ids import new_id
from dispatch.store.keeping import own_outlet
from dispatch.store.kinds.job_types import JobTypes
from dispatch.store.kinds.jobs import Jobs
from dispatch.store.kinds.kind import Frame, Span
from dispatch.store.rows.job_types import JobTypeRow
from dispatch.store.rows.jobs import JobRow
from dispatch.store.rows.technicians import SkillRow, TechnicianRow
from dispatch.store.skills import see_asked
from dispatch.store.work import Work, expect

USUAL_SPAN = timedelta(days=30)
"""A job without a window is planned on any day until then."""
MOST_FIELDS = 20_000
"""Characters of all fields of a job, written as JSON: every list and every board carries them."""


def create_job(
    database: Database,
    actor: Actor,
    job: Job,
    *,
    outlet: str | None = None,
    fields: Mapping[str, Any] | None = None,
) -> UUID:
    """Take in a job: it is open, with a visit for each seat of its crew.

    Parameters
    ----------
    outlet
        The key of the outlet it belongs to; the actor's own, or headquarters, if nothing is said.
    fields
        The job type's own fields.

    Raises
    ------
    InvalidValue, InvalidInput
        The fields are too large (``value.range``); they are not as the job type wants them.
    Missing
        There is no such site, job type, skill, technician or outlet.
    Refused
        ``job.taken``: another job has this id; ``run.which-outlet``; ``outlet.closed``;
        ``skill.retired``.
    """
    with database.work(actor) as work:
        row = JobRow(
            id=new_id(), key=job.id, state=JobState.OPEN, outlet_id=own_outlet(work, outlet)
        )
        see_asked(work, job)
        _write(work, row, job, fields or {})
        work.session.add(row)
        work.note("job.created", row)
        try:
            work.session.flush()
        except IntegrityError as error:
            raise Refused("job.taken", id=job.id) from error
        give_seats(work, row, _seats(work, row, job))
        return work.commit(row.id)


def edit_job(
    database: Database,
    actor: Actor,
    job_id: UUID,
    job: Job,
    *,
    expected: int | None,
    fields: Mapping[str, Any] | None = None,
) -> None:
    """Let a job say something else, as long as nobody is at it and no visit is completed.

    Visits that are planned stay where they are, but for those on a day that is the job's no longer:
    the next plan, or whoever published them, sees that they do not fit any more.

    Raises
    ------
    Missing, Stale, InvalidValue, InvalidInput
        As :func:`create_job`; it is not at the version that is expected.
    Refused
        ``job.begun``: or it has ended; ``job.other-id``: the id of a job stays;
        ``job.dependency-cycle``: what it is to wait for waits for it.
    """
    with database.work(actor) as work:
        row = held_job(work, job_id)
        expect(row, expected)
        if job.id != row.key:
            raise Refused("job.other-id", id=row.key)
        expect_unbound(row)
        if row.state is JobState.CANCELLED:
            raise Refused("job.begun", job=row.key)
        _write(work, row, job, row.fields if fields is None else fields)
        work.note("job.edited", row)
        give_seats(work, row, _seats(work, row, job))
        free_misplaced(work, row)
        days = (day_of(work.session, visit) for visit in row.visits if visit.start_at)
        touch_days(work.session, days)
        see_no_circle(work, job)
        work.commit()


def _write(work: Work, row: JobRow, job: Job, fields: Mapping[str, Any]) -> None:
    frame = Frame(work.session, Span(work.now, work.now + USUAL_SPAN))
    for name in (*job.required_technicians, *job.preferred_technicians):
        frame.of(TechnicianRow, name)
    for name in (*job.prohibited_technicians, *(pin.technician for pin in job.pins)):
        frame.of(TechnicianRow, name)
    for skill in job.needs.named:
        frame.of(SkillRow, skill)
    for before in job.dependencies:
        frame.of(JobRow, before.job)
    _check_fields(work.get(JobTypeRow, frame.of(JobTypeRow, job.type)), fields)
    Jobs().write(row, job, frame)  # and nothing is asked for until it is noted what has changed
    row.fields = dict(fields)


def _check_fields(job_type: JobTypeRow, fields: Mapping[str, Any]) -> None:
    checks.size("job.fields", fields, MOST_FIELDS)
    if job_type.fields is None:
        if fields:
            raise InvalidInput([Finding("job.fields.none", values={"type": job_type.key})])
        return
    wrong = [
        Finding(
            "job.fields.wrong",
            Place(pointer="".join(f"/{part}" for part in ("fields", *error.absolute_path))),
            {"reason": error.message[:300]},
        )
        for error in Draft202012Validator(job_type.fields).iter_errors(dict(fields))
    ]
    if wrong:
        raise InvalidInput(wrong)


def _seats(work: Work, row: JobRow, job: Job) -> int:
    frame = Frame(work.session, Span(work.now, work.now))
    crew = job.crew or JobTypes().read(work.get(JobTypeRow, row.type_id), frame).crew
    return len(crew.seats) if crew else 1
