"""Plans, and the schedules that come of them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from sqlalchemy import select

from dispatch.api.caller import TheCaller
from dispatch.api.paging import USUAL, After, Limit, Page, page_of
from dispatch.api.sent import Sent
from dispatch.api.texts import OnDay
from dispatch.api.versions import MaybeSeen
from dispatch.domain.states.run import PlanState
from dispatch.operations.preview_plan import Preview, preview_plan
from dispatch.operations.publish_plan import PROMISE_S, Published, publish_plan
from dispatch.store.rows.plans import BoardRow, PlanRow, ScheduleRow

router = APIRouter(tags=["planning"])

MOST_PROMISE_S = 86_400


class PlanView(BaseModel):
    """A proposal, in the plan format."""

    id: UUID
    run: UUID
    state: PlanState
    made_at: datetime
    plan: dict[str, Any]


class Publishing(Sent):
    """How long a window each customer is promised."""

    promise_s: Annotated[int, Field(ge=0, le=MOST_PROMISE_S)] = PROMISE_S


class ScheduleView(BaseModel):
    """What was published: never changed."""

    id: UUID
    day: date
    number: int
    plan: UUID | None
    published_at: datetime
    published_by: str
    routes: list[dict[str, Any]]
    conflicts: list[dict[str, Any]]


@router.get("/plans/{plan}", name="plans.read")
def read(caller: TheCaller, plan: UUID) -> PlanView:
    """One plan."""
    with caller.house.database.work(caller.actor) as work:
        row = work.get(PlanRow, plan)
        return PlanView(
            id=row.id, run=row.run_id, state=row.state, made_at=row.made_at, plan=row.said
        )


@router.post("/plans/{plan}/publish", name="plans.publish")
def publish(
    caller: TheCaller, plan: UUID, given: Publishing, board_version: MaybeSeen
) -> Published:
    """Let a plan hold, as far as it fits the board as it is now.

    If-Match may name the version of the board that was looked at.
    """
    return caller.once(
        Published,
        lambda: publish_plan(
            caller.house.database,
            caller.actor,
            plan,
            caller.house.travel,
            expect=board_version,
            promise_s=given.promise_s,
        ),
    )


@router.get("/plans/{plan}/preview", name="plans.preview")
def preview(
    caller: TheCaller,
    plan: UUID,
    promise_s: Annotated[
        int, Query(ge=0, le=MOST_PROMISE_S, description="As publishing would be told.")
    ] = PROMISE_S,
) -> Preview:
    """What publishing it would change now: technicians swapped, promises moved, visits dropped.

    Publishing with the version of the board as If-Match does this, or nothing.
    """
    house = caller.house
    return preview_plan(house.database, caller.actor, plan, house.travel, promise_s=promise_s)


@router.get("/schedules", name="schedules.list")
def schedules(
    caller: TheCaller, day: OnDay, after: After = None, limit: Limit = USUAL
) -> Page[ScheduleView]:
    """All that was published of a day, the newest last."""
    query = (
        select(ScheduleRow)
        .join(BoardRow, BoardRow.id == ScheduleRow.board_id)
        .where(BoardRow.day == day)
    )
    with caller.house.database.work(caller.actor) as work:
        return page_of(work, query, ScheduleRow, after, limit, lambda row: _schedule(row, day))


@router.get("/schedules/{schedule}", name="schedules.read")
def schedule(caller: TheCaller, schedule: UUID) -> ScheduleView:
    """One published version."""
    with caller.house.database.work(caller.actor) as work:
        row = work.get(ScheduleRow, schedule)
        return _schedule(row, work.get(BoardRow, row.board_id).day)


def _schedule(row: ScheduleRow, day: date) -> ScheduleView:
    return ScheduleView(
        id=row.id,
        day=day,
        number=row.number,
        plan=row.plan_id,
        published_at=row.published_at,
        published_by=row.published_by,
        routes=row.routes,
        conflicts=row.conflicts,
    )
