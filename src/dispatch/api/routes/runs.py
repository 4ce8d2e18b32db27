"""Runs: asking for a plan, and watching it being made."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request, Response, status
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload
from starlette.concurrency import run_in_threadpool

from dispatch.api.caller import Caller, TheCaller, Watch
from dispatch.api.live import Live
from dispatch.api.paging import USUAL, After, Limit, Page, page_of
from dispatch.api.sent import Sent
from dispatch.api.texts import OnDay
from dispatch.api.versions import tag
from dispatch.domain.states.run import RUN, RunState
from dispatch.operations.runs.cancel import cancel_run
from dispatch.operations.runs.request import MOST_SEED, request_run
from dispatch.solver.engines import engine_names
from dispatch.store.rows.plans import BoardRow, RunRow

router = APIRouter(prefix="/runs", tags=["planning"])

LOOK_S = 0.5
"""How often a stream looks whether there is something new."""
LONGEST_S = 3_600
STREAM = "text/event-stream"


class NewRun(Sent):
    """A day to be planned, and how long that may take."""

    day: OnDay
    outlet: UUID | None = None
    engine: Annotated[str, Field(max_length=40, examples=list(engine_names()))] = "lns"
    seconds: Annotated[float, Field(gt=0, le=LONGEST_S)] = 30.0
    seed: Annotated[int, Field(ge=0, le=MOST_SEED)] = 1


class RunView(BaseModel):
    """A run, how far it is, and the plan that came of it."""

    id: UUID
    version: int
    day: date
    outlet: UUID
    state: RunState
    engine: str
    seconds: float
    seed: int
    requested_by: str
    requested_at: datetime
    begun_at: datetime | None
    ended_at: datetime | None
    phase: str
    progress: list[dict[str, Any]]
    message: str
    plan: UUID | None

    @staticmethod
    def of(row: RunRow) -> RunView:
        """As it is kept."""
        return RunView(
            id=row.id,
            version=row.version,
            day=row.board.day,
            outlet=row.outlet_id,
            state=row.state,
            engine=row.engine,
            seconds=row.seconds,
            seed=row.seed,
            requested_by=row.requested_by,
            requested_at=row.requested_at,
            begun_at=row.begun_at,
            ended_at=row.ended_at,
            phase=row.phase,
            progress=row.progress,
            message=row.message,
            plan=row.plan.id if row.plan else None,
        )


@router.get("", name="runs.list")
def list_(
    caller: TheCaller, day: OnDay | None = None, after: After = None, limit: Limit = USUAL
) -> Page[RunView]:
    """Runs, of one day or of all."""
    query = select(RunRow).options(joinedload(RunRow.board), selectinload(RunRow.plan))
    if day is not None:
        query = query.join(RunRow.board).where(BoardRow.day == day)
    with caller.house.database.work(caller.actor) as work:
        return page_of(work, query, RunRow, after, limit, RunView.of)


@router.post("", name="runs.create", status_code=status.HTTP_202_ACCEPTED)
def create(caller: TheCaller, given: NewRun, response: Response) -> RunView:
    """Ask for a plan of a day; a worker makes it."""
    run = caller.once(
        UUID,
        lambda: request_run(
            caller.house.database,
            caller.actor,
            given.day,
            outlet=given.outlet,
            engine=given.engine,
            seconds=given.seconds,
            seed=given.seed,
        ),
    )
    response.headers["Location"] = f"/v1/runs/{run}"
    return read(caller, run, response)


@router.get("/{run}", name="runs.read")
def read(caller: TheCaller, run: UUID, response: Response) -> RunView:
    """One run."""
    found = _read(caller, run)
    tag(response, found.version)
    return found


@router.post("/{run}/cancel", name="runs.cancel")
def cancel(caller: TheCaller, run: UUID, response: Response) -> RunView:
    """Call it off; its worker hears of it within a second."""
    caller.once(type(None), lambda: cancel_run(caller.house.database, caller.actor, run))
    return read(caller, run, response)


@router.get(
    "/{run}/progress",
    name="runs.progress",
    response_class=StreamingResponse,
    responses={200: {"content": {STREAM: {}}}},
)
async def progress(caller: TheCaller, run: UUID, request: Request) -> StreamingResponse:
    """Hear of a run whenever something of it changes, until it has ended (Server-Sent Events)."""
    request.app.state.live.expect_room(caller.actor.id)
    first = await run_in_threadpool(_read, caller, run)
    return StreamingResponse(
        _stream(caller, first, request), media_type=STREAM, headers={"Cache-Control": "no-store"}
    )


async def _stream(caller: Caller, run: RunView, request: Request) -> AsyncIterator[str]:
    live: Live = request.app.state.live
    with live.looking(caller.actor.id):
        async for event in _events(caller, live, run, request):
            yield event


async def _events(caller: Caller, live: Live, run: RunView, request: Request) -> AsyncIterator[str]:
    watch, told = Watch(request, caller, live.heartbeat_s), -1
    while True:
        if run.version != told:
            told = run.version
            yield f"event: run\nid: {told}\ndata: {json.dumps(run.model_dump(mode='json'))}\n\n"
        if RUN.final(run.state) or live.closed or await request.is_disconnected():
            return
        if not await watch.lets_in():
            return
        await asyncio.sleep(LOOK_S)
        run = await run_in_threadpool(_read, caller, run.id)


def _read(caller: Caller, run: UUID) -> RunView:
    with caller.house.database.work(caller.actor) as work:
        return RunView.of(work.get(RunRow, run))
