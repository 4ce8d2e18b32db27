"""When technicians work."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response, status
from pydantic import BaseModel
from sqlalchemy import select

from dispatch.api.caller import TheCaller
from dispatch.api.paging import USUAL, After, Limit, Page, Sorting, page_of
from dispatch.api.routes.technicians import ShiftView
from dispatch.api.sent import Sent
from dispatch.api.texts import OnDay
from dispatch.api.versions import Seen, tag
from dispatch.domain.shift import Shift
from dispatch.operations.network.room import VisitsThen
from dispatch.operations.network.shifts import add_shift, change_shift, remove_shift
from dispatch.operations.network.weekly import WeeklyPattern, add_weekly_shifts
from dispatch.store.board import span_of, zone_of
from dispatch.store.rows.technicians import ShiftRow, TechnicianRow
from dispatch.store.shifts import begins_in

router = APIRouter(tags=["network"])


class NewShift(Sent):
    """A shift in the words of the day format."""

    shift: Shift


class ShiftChange(Sent):
    """A shift as it is to be, whole, and what becomes of visits that it has no room for."""

    shift: Shift
    visits: VisitsThen = VisitsThen.KEEP


class Weekly(Sent):
    """A week that comes again."""

    pattern: WeeklyPattern


class Made(BaseModel):
    """The shifts that it comes to."""

    shifts: list[UUID]


@router.get("/technicians/{technician}/shifts", name="shifts.list")
def shifts(
    caller: TheCaller,
    technician: UUID,
    day: Annotated[OnDay | None, Query(description="Only those that begin on it.")] = None,
    after: After = None,
    limit: Limit = USUAL,
) -> Page[ShiftView]:
    """When somebody works, in order."""
    query = select(ShiftRow).where(ShiftRow.technician_id == technician)
    with caller.house.database.work(caller.actor) as work:
        work.get(TechnicianRow, technician)
        if day is not None:
            span = span_of(day, zone_of(work.session))
            query = query.where(begins_in(span))
        by_start = Sorting(ShiftRow.__table__.c.start_at)
        return page_of(work, query, ShiftRow, after, limit, ShiftView.of, by_start)


@router.post(
    "/technicians/{technician}/shifts", name="shifts.add", status_code=status.HTTP_201_CREATED
)
def add(caller: TheCaller, technician: UUID, given: NewShift, response: Response) -> ShiftView:
    """Let somebody work for a stretch of time."""
    made = caller.once(
        UUID,
        lambda: add_shift(caller.house.database, caller.actor, technician, given.shift),
    )
    return read(caller, made, response)


@router.post(
    "/technicians/{technician}/shifts/weekly",
    name="shifts.add_weekly",
    status_code=status.HTTP_201_CREATED,
)
def add_weekly(caller: TheCaller, technician: UUID, given: Weekly) -> Made:
    """Let somebody work every week: all of the shifts are written down, or none."""
    made = caller.once(
        list[UUID],
        lambda: add_weekly_shifts(caller.house.database, caller.actor, technician, given.pattern),
    )
    return Made(shifts=made)


@router.get("/shifts/{shift}", name="shifts.read")
def read(caller: TheCaller, shift: UUID, response: Response) -> ShiftView:
    """One of them."""
    with caller.house.database.work(caller.actor) as work:
        row = work.get(ShiftRow, shift)
        tag(response, row.version)
        return ShiftView.of(row)


@router.put("/shifts/{shift}", name="shifts.change")
def change(
    caller: TheCaller, shift: UUID, given: ShiftChange, seen: Seen, response: Response
) -> ShiftView:
    """Let it begin or end otherwise; visits without room keep it as it is, or are freed."""
    change_shift(
        caller.house.database,
        caller.actor,
        shift,
        given.shift,
        caller.house.travel,
        expected=seen,
        visits=given.visits,
    )
    return read(caller, shift, response)


@router.delete("/shifts/{shift}", name="shifts.remove", status_code=status.HTTP_204_NO_CONTENT)
def remove(
    caller: TheCaller,
    shift: UUID,
    seen: Seen,
    visits: Annotated[
        VisitsThen, Query(description="What becomes of visits that are planned in it.")
    ] = VisitsThen.KEEP,
) -> None:
    """Let somebody not work then."""
    remove_shift(caller.house.database, caller.actor, shift, expected=seen, visits=visits)
