"""Jobs: taking them in, changing them, deciding about them."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response, status
from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from dispatch.api.asked import OfJobs, OfTechnician
from dispatch.api.caller import REPEATABLE, Caller, TheCaller
from dispatch.api.job_views import JobView, TakenJob
from dispatch.api.paging import USUAL, After, Limit, Page, page_of, sorting
from dispatch.api.problems import Wrong, language, said
from dispatch.api.sent import Sent
from dispatch.api.texts import Key, Why, Words
from dispatch.api.versions import Seen, tag
from dispatch.domain import checks
from dispatch.domain.job import Job
from dispatch.domain.states.job import JobState
from dispatch.domain.window import Window
from dispatch.operations.jobs.completion_code import give_completion_code
from dispatch.operations.jobs.create import create_job, edit_job
from dispatch.operations.jobs.decide import cancel_job, hold_job, prioritise_job, resume_job
from dispatch.operations.jobs.past import doubts_of
from dispatch.operations.jobs.reopen import reopen_job
from dispatch.operations.jobs.settle import settle_job
from dispatch.operations.jobs.split import MOST_PARTS, Part, split_job
from dispatch.operations.jobs.verify import verify_job
from dispatch.operations.jobs.waited_for import waits_of
from dispatch.store.filters import never_null
from dispatch.store.rows.customers import SiteRow
from dispatch.store.rows.job_types import JobTypeRow
from dispatch.store.rows.jobs import JobRow, VisitRow

router = APIRouter(prefix="/jobs", tags=["jobs"])

JobSort = Literal[
    "key", "-key", "priority", "-priority", "earliest", "-earliest", "sla_due", "-sla_due"
]
SORTED = {
    "key": JobRow.__table__.c.key,
    "priority": JobRow.__table__.c.priority,
    "earliest": JobRow.__table__.c.earliest,
    "sla_due": never_null(JobRow.sla_due),
}


class NewJob(Sent):
    """A job in the words of the day format, and what is not in them."""

    job: Job
    outlet: Key | None = None
    fields: dict[str, Any] = Field(default={}, max_length=100)


class JobChange(Sent):
    """A job as it is to be, whole."""

    job: Job
    fields: dict[str, Any] | None = Field(default=None, max_length=100)


class Because(Sent):
    """Why it is done."""

    why: Why


class Verified(Sent):
    """What somebody has seen who looked at what was done."""

    note: Words = ""


class OnceMore(Because):
    """Why it is to be gone to once more, and when it may be done now."""

    windows: Annotated[list[Window], Field(max_length=20)] = Field(
        default=[], description="Those it had, if there are none."
    )


class Priority(Sent):
    """1 is the most urgent."""

    priority: Annotated[int, Field(ge=1, le=5)]


class Go(Sent):
    """One of the goes in which a job is done."""

    duration_s: Annotated[int, Field(ge=1, le=checks.LONGEST_S)]
    windows: Annotated[list[Window], Field(max_length=20)] = Field(default=[])
    id: Key | None = Field(default=None, description="Of its job; the last has that of the job.")

    def part(self) -> Part:
        """The same, checked."""
        return Part(duration_s=self.duration_s, windows=tuple(self.windows), id=self.id)


class Split(Sent):
    """The goes in which a job is done, in order, and how long there is between them."""

    parts: Annotated[list[Go], Field(min_length=2, max_length=MOST_PARTS)]
    min_delay_s: Annotated[int, Field(ge=0, le=checks.LONGEST_S)] = 0
    max_delay_s: Annotated[int, Field(ge=0, le=checks.LONGEST_S)] | None = None
    why: Words = ""


class GivenCode(BaseModel):
    """What the customer is to be told, and nobody else."""

    code: str


@router.get("", name="jobs.list")
def list_(
    caller: TheCaller,
    asked: OfJobs,
    state: Annotated[list[JobState], Query(max_length=20)] = [],  # noqa: B006 - FastAPI's own
    site: Key | None = None,
    type: Annotated[Key | None, Query(description="Of this job type.")] = None,  # noqa: A002
    technician: OfTechnician = None,
    sort: Annotated[JobSort | None, Query(description="With - the other way round.")] = None,
    after: After = None,
    limit: Limit = USUAL,
) -> Page[JobView]:
    """Jobs, by state, day, site, customer, type, outlet, technician and text."""
    query = select(JobRow).options(
        selectinload(JobRow.visits), selectinload(JobRow.type), joinedload(JobRow.site)
    )
    with caller.house.database.work(caller.actor) as work:
        query = asked.narrow(work, query)
        if state:
            query = query.where(JobRow.state.in_(state))
        if site is not None:
            query = query.where(JobRow.site.has(SiteRow.key == site))
        if type is not None:
            query = query.where(JobRow.type.has(JobTypeRow.key == type))
        if technician is not None:
            query = query.where(JobRow.visits.any(VisitRow.technician_id == technician))
        order = sorting(sort, SORTED)
        return page_of(work, query, JobRow, after, limit, JobView.of, order)


@router.post("", name="jobs.create", status_code=status.HTTP_201_CREATED)
def create(caller: TheCaller, given: NewJob, request: Request, response: Response) -> TakenJob:
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
    return _taken(caller, job, request, response)


@router.get("/{job}", name="jobs.read")
def read(caller: TheCaller, job: UUID, response: Response) -> JobView:
    """One job."""
    with caller.house.database.work(caller.actor) as work:
        row = work.get(JobRow, job)
        tag(response, row.version)
        return JobView.of(row)


@router.put("/{job}", name="jobs.edit")
def edit(
    caller: TheCaller,
    job: UUID,
    given: JobChange,
    seen: Seen,
    request: Request,
    response: Response,
) -> TakenJob:
    """Let a job say something else, as long as nobody is at it."""
    edit_job(
        caller.house.database, caller.actor, job, given.job, expected=seen, fields=given.fields
    )
    return _taken(caller, job, request, response)


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
    """Let it be done by nobody, or what is left of it, as long as nobody is at it."""
    caller.once(
        type(None), lambda: cancel_job(caller.house.database, caller.actor, job, why=given.why)
    )
    return read(caller, job, response)


@router.post("/{job}/verify", name="jobs.verify")
def verify(
    caller: TheCaller, job: UUID, given: Verified, seen: Seen, response: Response
) -> JobView:
    """Write down that somebody has looked at what was done, and that it is as it should be."""
    caller.once(
        type(None),
        lambda: verify_job(
            caller.house.database, caller.actor, job, note=given.note, expected=seen
        ),
    )
    return read(caller, job, response)


@router.post("/{job}/settle", name="jobs.settle")
def settle(caller: TheCaller, job: UUID, seen: Seen, response: Response) -> JobView:
    """Close it for good: what was due has come, and nothing is charged any more."""
    caller.once(
        type(None), lambda: settle_job(caller.house.database, caller.actor, job, expected=seen)
    )
    return read(caller, job, response)


@router.post("/{job}/reopen", name="jobs.reopen")
def reopen(
    caller: TheCaller,
    job: UUID,
    given: OnceMore,
    seen: Seen,
    request: Request,
    response: Response,
) -> TakenJob:
    """Let whoever did it go once more; what was done, shown and charged stays as it is."""
    caller.once(
        type(None),
        lambda: reopen_job(
            caller.house.database,
            caller.actor,
            job,
            why=given.why,
            windows=given.windows,
            expected=seen,
        ),
    )
    return _taken(caller, job, request, response, again=True)


@router.post("/{job}/priority", name="jobs.prioritise")
def prioritise(
    caller: TheCaller, job: UUID, given: Priority, seen: Seen, response: Response
) -> JobView:
    """Say how urgent it is."""
    caller.once(
        type(None),
        lambda: prioritise_job(
            caller.house.database, caller.actor, job, given.priority, expected=seen
        ),
    )
    return read(caller, job, response)


@router.post("/{job}/split", name="jobs.split", status_code=status.HTTP_201_CREATED)
def split(caller: TheCaller, job: UUID, given: Split, seen: Seen) -> list[JobView]:
    """Let it be done in several goes, each a job that waits for the one before; it is the last."""
    made = caller.once(
        list[UUID],
        lambda: split_job(
            caller.house.database,
            caller.actor,
            job,
            [go.part() for go in given.parts],
            min_delay_s=given.min_delay_s,
            max_delay_s=given.max_delay_s,
            why=given.why,
            expected=seen,
        ),
    )
    with caller.house.database.work(caller.actor) as work:
        return [JobView.of(work.get(JobRow, each)) for each in made]


@router.post(
    "/{job}/completion-code",
    name="jobs.code",
    status_code=status.HTTP_201_CREATED,
    tags=[REPEATABLE],  # a code is told once; asked again, there is another
)
def give_code(caller: TheCaller, job: UUID, response: Response) -> GivenCode:
    """A code for the customer, told now and never again; one of before is good no longer."""
    response.headers["Cache-Control"] = "no-store"
    return GivenCode(code=give_completion_code(caller.house.database, caller.actor, job))


def _taken(
    caller: Caller, job: UUID, request: Request, response: Response, *, again: bool = False
) -> TakenJob:
    with caller.house.database.work(caller.actor) as work:
        row = work.get(JobRow, job)
        tag(response, row.version)
        found = doubts_of(row, work.now)
        if again:
            found += waits_of(work, row)
        doubts = said(found, language(request))
        return TakenJob(**dict(JobView.of(row)), warnings=[Wrong(**doubt) for doubt in doubts])
