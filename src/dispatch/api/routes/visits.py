"""Visits, each by itself, whatever day they are on."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from dispatch.api.asked import OfOutlet, OfTechnician
from dispatch.api.caller import TheCaller
from dispatch.api.job_views import VisitView
from dispatch.api.paging import USUAL, After, Limit, Page, page_of, sorting
from dispatch.api.routes.boards import BoardVisit
from dispatch.api.texts import OnDay
from dispatch.api.versions import tag
from dispatch.domain.job import Pin, PinLevel
from dispatch.domain.states.job import JobState
from dispatch.domain.states.visit import VisitState
from dispatch.store.board import span_of, zone_of
from dispatch.store.days import of_day
from dispatch.store.filters import is_under, never_null
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.said import heard

router = APIRouter(prefix="/visits", tags=["visits"])

VisitSort = Literal["start", "-start"]
SORTED = {"start": never_null(VisitRow.start_at)}
"""What is on no route comes last, or first."""
WHOLE = joinedload(VisitRow.job).joinedload(JobRow.site)


class WholeVisit(BoardVisit):
    """A visit with its job, as far as it has come; no name, telephone or street of a customer."""

    outlet: UUID
    job_state: JobState
    arrive: datetime | None
    paused: datetime | None
    """Since when nobody works."""
    pin: PinLevel | None

    @staticmethod
    def of(row: VisitRow) -> WholeVisit:
        """As it is kept."""
        job, pin = row.job, row.pin
        return WholeVisit(
            **VisitView.of(row).model_dump(),
            job=job.id,
            job_key=job.key,
            name=job.name,
            priority=job.priority,
            site=job.site.key,
            outlet=row.outlet_id,
            job_state=job.state,
            arrive=row.arrive_at,
            paused=row.paused_at,
            pin=None if pin is None else heard(Pin, pin).level,
        )


@router.get("", name="visits.list")
def list_(
    caller: TheCaller,
    state: Annotated[list[VisitState], Query(max_length=20)] = [],  # noqa: B006 - FastAPI's own
    day: Annotated[OnDay | None, Query(description="On the board of this day, as planned.")] = None,
    technician: OfTechnician = None,
    job: Annotated[UUID | None, Query(description="Of this job.")] = None,
    outlet: OfOutlet = None,
    sort: Annotated[VisitSort | None, Query(description="With - the other way round.")] = None,
    after: After = None,
    limit: Limit = USUAL,
) -> Page[WholeVisit]:
    """Visits, by state, day, technician, job and outlet."""
    query = select(VisitRow).options(WHOLE)
    if state:
        query = query.where(VisitRow.state.in_(state))
    if technician is not None:
        query = query.where(VisitRow.technician_id == technician)
    if job is not None:
        query = query.where(VisitRow.job_id == job)
    if outlet is not None:
        query = query.where(is_under(VisitRow.outlet_id, outlet))
    with caller.house.database.work(caller.actor) as work:
        if day is not None:
            span = span_of(day, zone_of(work.session))
            query = query.where(of_day(span.start, span.end))
        order = sorting(sort, SORTED)
        return page_of(work, query, VisitRow, after, limit, WholeVisit.of, order)


@router.get("/{visit}", name="visits.read")
def read(caller: TheCaller, visit: UUID, response: Response) -> WholeVisit:
    """One visit."""
    with caller.house.database.work(caller.actor) as work:
        row = work.get(VisitRow, visit)
        tag(response, row.version)
        return WholeVisit.of(row)
