"""Jobs: taking them in, changing them, deciding about them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response, status
from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from dispatch.api.caller import TheCaller
from dispatch.api.paging import USUAL, After, Limit, Page, page_of
from dispatch.api.texts import Key, OnDay, Why
from dispatch.api.versions import Seen, tag
from dispatch.domain.job import Job
from dispatch.domain.states.job import JOB, JobAction, JobState
from dispatch.domain.states.visit import VisitState
from dispatch.operations.jobs.create import create_job, edit_job
from dispatch.operations.jobs.decide import cancel_job, hold_job, prioritise_job, resume_job
from dispatch.store.board import span_of, zone_of
from dispatch.store.rows.customers import SiteRow
from dispatch.store.rows.jobs import JobRow, VisitRow

router = APIRouter(prefix="/jobs", tags=["jobs"])


class NewJob(BaseModel):
    """A job in the words of the day format, and what is not in them."""

    job: Job
    outlet: Key | None = None
    fields: dict[str, Any] = Field(default={}, max_length=100)


class JobChange(BaseModel):
    """A job as it is to be, whole."""

    job: Job
    fields: dict[str, Any] | None = Field(default=None, max_length=100)


class Because(BaseModel):
    """Why it is done."""

    why: Why


class Priority(BaseModel):
    """1 is the most urgent."""

    priority: Annotated[int, Field(ge=1, le=5)]


class VisitView(BaseModel):
    """One trip to do a job, or one seat's part of it."""

    id: UUID
    version: int
    part: int
    seat: int
    state: VisitState
    technician: UUID | None
    start: datetime | None
    end: datetime | None
    promised_from: datetime | None
    promised_to: datetime | None
    pinned: bool

    @staticmethod
    def of(row: VisitRow) -> VisitView:
        """As it is kept."""
        return VisitView(
            id=row.id,
            version=row.version,
            part=row.part,
            seat=row.seat,
            state=row.state,
            technician=row.technician_id,
            start=row.start_at,
            end=row.end_at,
            promised_from=row.promised_from,
            promised_to=row.promised_to,
            pinned=row.pin is not None,
        )


class JobView(BaseModel):
    """A job, what has become of it, and what may be done to it."""

    id: UUID
    version: int
    key: str
    name: str
    state: JobState
    actions: list[JobAction]
    priority: int
    type: str
    site: str
    sla_due: datetime | None
    earliest: datetime
    latest: datetime
    said: dict[str, Any]
    """What else the day format says of it."""
    fields: dict[str, Any]
    visits: list[VisitView]

    @staticmethod
    def of(row: JobRow) -> JobView:
        """As it is kept."""
        return JobView(
            id=row.id,
            version=row.version,
            key=row.key,
            name=row.name,
            state=row.state,
            actions=list(JOB.allowed(row.state)),
            priority=row.priority,
            type=row.type.key,
            site=row.site.key,
            sla_due=row.sla_due,
            earliest=row.earliest,
            latest=row.latest,
            said=row.said,
            fields=row.fields,
            visits=[VisitView.of(visit) for visit in row.visits],
        )


@router.get("", name="jobs.list")
def list_(
    caller: TheCaller,
    state: Annotated[list[JobState], Query(max_length=20)] = [],  # noqa: B006 - FastAPI's own
    day: OnDay | None = None,
    site: Key | None = None,
    after: After = None,
    limit: Limit = USUAL,
) -> Page[JobView]:
    """Jobs, by state, day and site."""
    query = select(JobRow).options(
        selectinload(JobRow.visits), selectinload(JobRow.type), selectinload(JobRow.site)
    )
    with caller.house.database.work(caller.actor) as work:
        if state:
            query = query.where(JobRow.state.in_(state))
        if day is not None:
            span = span_of(day, zone_of(work.session))
            query = query.where(JobRow.earliest < span.end, JobRow.latest > span.start)
        if site is not None:
            query = query.join(JobRow.site).where(SiteRow.key == site)
        return page_of(work, query, JobRow, after, limit, JobView.of)


@router.post("", name="jobs.create", status_code=status.HTTP_201_CREATED)
def create(caller: TheCaller, given: NewJob, response: Response) -> JobView:
    """Take in a job."""
    job = caller.once(
        UUID,
        lambda: create_job(
            caller.house.database,
            caller.actor,
            given.job,
            outlet=given.outlet,
            fields=given.fields,
        ),
    )
    return read(caller, job, response)


@router.get("/{job}", name="jobs.read")
def read(caller: TheCaller, job: UUID, response: Response) -> JobView:
    """One job."""
    with caller.house.database.work(caller.actor) as work:
        row = work.get(JobRow, job)
        tag(response, row.version)
        return JobView.of(row)


@router.put("/{job}", name="jobs.edit")
def edit(caller: TheCaller, job: UUID, given: JobChange, seen: Seen, response: Response) -> JobView:
    """Let a job say something else, as long as nobody is at it."""
    edit_job(
        caller.house.database, caller.actor, job, given.job, expected=seen, fields=given.fields
    )
    return read(caller, job, response)


@router.post("/{job}/hold", name="jobs.hold")
def hold(caller: TheCaller, job: UUID, given: Because, response: Response) -> JobView:
    """Let nobody do it for now."""
    caller.once(
        type(None), lambda: hold_job(caller.house.database, caller.actor, job, why=given.why)
    )
    return read(caller, job, response)


@router.post("/{job}/resume", name="jobs.resume")
def resume(caller: TheCaller, job: UUID, response: Response) -> JobView:
    """Let it be done again."""
    caller.once(type(None), lambda: resume_job(caller.house.database, caller.actor, job))
    return read(caller, job, response)


@router.post("/{job}/cancel", name="jobs.cancel")
def cancel(caller: TheCaller, job: UUID, given: Because, response: Response) -> JobView:
    """Let it be done by nobody, as long as no work has begun."""
    caller.once(
        type(None), lambda: cancel_job(caller.house.database, caller.actor, job, why=given.why)
    )
    return read(caller, job, response)


@router.post("/{job}/priority", name="jobs.prioritise")
def prioritise(caller: TheCaller, job: UUID, given: Priority, response: Response) -> JobView:
    """Say how urgent it is."""
    caller.once(
        type(None),
        lambda: prioritise_job(caller.house.database, caller.actor, job, given.priority),
    )
    return read(caller, job, response)
