"""The board of a day, and what a dispatcher does to it by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from dispatch.api.caller import TheCaller
from dispatch.api.routes.jobs import VisitView
from dispatch.api.texts import OnDay, Words
from dispatch.domain.job import PinLevel
from dispatch.domain.plan import PlannedBreak
from dispatch.operations.board.assign import assign_visit, pin_visit, unassign_visit
from dispatch.operations.board.candidates import Choice, candidates
from dispatch.operations.board.release import release_day
from dispatch.store.board import span_of, visits_of, zone_of
from dispatch.store.kinds.kind import Span
from dispatch.store.rows.customers import SiteRow
from dispatch.store.rows.jobs import VisitRow
from dispatch.store.rows.plans import BoardRow
from dispatch.store.rows.technicians import TechnicianRow
from dispatch.store.scope import UNSCOPED
from dispatch.store.shifts import breaks_by_technician
from dispatch.store.work import Work

router = APIRouter(tags=["board"])

MOST_TECHNICIANS = 2_000


class BoardVisit(VisitView):
    """A visit with what a board shows of its job."""

    job: UUID
    job_key: str
    name: str
    priority: int
    site: str


class BoardRoute(BaseModel):
    """What a technician has to do, in order."""

    technician: UUID
    key: str
    name: str
    visits: list[BoardVisit]
    breaks: list[PlannedBreak]


class BoardView(BaseModel):
    """A day as it stands."""

    day: date
    version: int
    """Counted up with every change."""
    starts: datetime
    ends: datetime
    routes: list[BoardRoute]
    unassigned: list[BoardVisit]


class Release(BaseModel):
    """Whose visits; everybody's if nothing is said."""

    technicians: Annotated[Sequence[UUID], Field(max_length=MOST_TECHNICIANS)] = ()


class Released(BaseModel):
    """How many visits technicians are told of."""

    count: int


class Assignment(BaseModel):
    """To whom, and on which day."""

    technician: UUID
    day: OnDay | None = None


class Note(BaseModel):
    """Why, if there is something to say."""

    why: Words = ""


class Pinning(BaseModel):
    """What no plan may move; nothing lets go of it."""

    level: PinLevel | None


@router.get("/boards/{day}", name="boards.read")
def read(caller: TheCaller, day: OnDay) -> BoardView:
    """Who does what on a day, and what nobody does yet."""
    with caller.house.database.work(caller.actor) as work:
        span = span_of(day, zone_of(work.session))
        version = work.session.scalar(select(BoardRow.version).where(BoardRow.day == day))
        ended = select(VisitRow).where(
            VisitRow.start_at >= span.start, VisitRow.start_at < span.end
        )
        found = {visit.id: visit for visit in visits_of(work.session, span)}
        for visit in work.session.scalars(ended.options(joinedload(VisitRow.job))):
            found.setdefault(visit.id, visit)
        sites = _sites(work, found.values())
        return BoardView(
            day=day,
            version=version or 0,
            starts=span.start,
            ends=span.end,
            routes=_routes(work, span, list(found.values()), sites),
            unassigned=[_told(visit, sites) for visit in found.values() if visit.start_at is None],
        )


@router.post("/boards/{day}/release", name="boards.release")
def release(caller: TheCaller, day: OnDay, given: Release) -> Released:
    """Tell technicians what they have to do."""
    count = caller.once(
        int,
        lambda: release_day(
            caller.house.database, caller.actor, day, technicians=given.technicians
        ),
    )
    return Released(count=count)


@router.get("/visits/{visit}/candidates", name="visits.candidates")
def who(caller: TheCaller, visit: UUID, day: OnDay | None = None) -> Choice:
    """Who could do it, the cheapest first, and why others cannot."""
    return candidates(caller.house.database, caller.actor, visit, caller.house.travel, day=day)


@router.post("/visits/{visit}/assign", name="visits.assign")
def assign(caller: TheCaller, visit: UUID, given: Assignment) -> VisitView:
    """Put it into a technician's route, where it costs least; nothing else is moved."""
    caller.once(
        type(None),
        lambda: assign_visit(
            caller.house.database,
            caller.actor,
            visit,
            given.technician,
            caller.house.travel,
            day=given.day,
        ),
    )
    return _visit(caller, visit)


@router.post("/visits/{visit}/unassign", name="visits.unassign")
def unassign(caller: TheCaller, visit: UUID, given: Note) -> VisitView:
    """Take it off its route."""
    caller.once(
        type(None),
        lambda: unassign_visit(caller.house.database, caller.actor, visit, why=given.why),
    )
    return _visit(caller, visit)


@router.post("/visits/{visit}/pin", name="visits.pin")
def pin(caller: TheCaller, visit: UUID, given: Pinning) -> VisitView:
    """Let no plan move it, or let go of it."""
    caller.once(
        type(None), lambda: pin_visit(caller.house.database, caller.actor, visit, given.level)
    )
    return _visit(caller, visit)


def _sites(work: Work, visits: Iterable[VisitRow]) -> Mapping[UUID, str]:
    """The keys of their sites, all at once: one by one they cost a query each."""
    wanted = {visit.job.site_id for visit in visits}
    query = select(SiteRow.id, SiteRow.key).where(SiteRow.id.in_(wanted))
    rows = work.session.execute(query, execution_options=UNSCOPED)
    return {row.id: row.key for row in rows}


def _visit(caller: TheCaller, visit: UUID) -> VisitView:
    with caller.house.database.work(caller.actor) as work:
        return VisitView.of(work.get(VisitRow, visit))


def _routes(
    work: Work, span: Span, visits: list[VisitRow], sites: Mapping[UUID, str]
) -> list[BoardRoute]:
    technicians = work.session.scalars(
        select(TechnicianRow).where(TechnicianRow.active).order_by(TechnicianRow.id)
    )
    breaks = breaks_by_technician(work.session, span)
    rows: dict[UUID, list[VisitRow]] = {}
    for visit in visits:
        if visit.technician_id is not None and visit.start_at is not None:
            rows.setdefault(visit.technician_id, []).append(visit)
    return [
        BoardRoute(
            technician=technician.id,
            key=technician.key,
            name=technician.name,
            visits=[
                _told(visit, sites)
                for visit in sorted(
                    rows.get(technician.id, []), key=lambda visit: (visit.start_at, visit.place)
                )
            ],
            breaks=breaks.get(technician.id, []),
        )
        for technician in technicians
    ]


def _told(visit: VisitRow, sites: Mapping[UUID, str]) -> BoardVisit:
    job = visit.job
    return BoardVisit(
        **VisitView.of(visit).model_dump(),
        job=job.id,
        job_key=job.key,
        name=job.name,
        priority=job.priority,
        site=sites[job.site_id],
    )
