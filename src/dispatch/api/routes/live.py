"""Hearing of a board whenever something of it changes."""

from __future__ import annotations

import json
from asyncio import wait_for
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Header, Request
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from dispatch.api.caller import Caller, TheCaller, Watch
from dispatch.api.live import Ear, Fresh, Live
from dispatch.api.texts import OnDay
from dispatch.operations.board.news import AT_ONCE, News, VisitChange, heads, news_after
from dispatch.store.board import span_of, zone_of
from dispatch.store.days import lasts_until
from dispatch.store.kinds.kind import Span

router = APIRouter(tags=["board"])

STREAM = "text/event-stream"
MOST_BEHIND = 10 * AT_ONCE
"""Whoever missed more events reads the board again instead."""
HEARTBEAT = ": still here\n\n"

LastSeen = Annotated[
    int | None,
    Header(
        alias="Last-Event-ID",
        ge=0,
        le=2**53,
        description="The last `id` that was heard: what came after it is told first.",
    ),
]


@dataclass(frozen=True, slots=True)
class _Start:
    """What a stream says first, and from where it goes on."""

    said: Sequence[str]
    span: Span
    until: datetime
    """When the last shift of the day ends."""
    ear: Ear


@router.get(
    "/boards/{day}/events",
    name="boards.events",
    response_class=StreamingResponse,
    responses={200: {"content": {STREAM: {}}}},
)
async def events(
    caller: TheCaller, day: OnDay, request: Request, last_seen: LastSeen = None
) -> StreamingResponse:
    """Hear of a board whenever its version or one of its visits changes (Server-Sent Events).

    `board` tells the version, once at the beginning and whenever it changes; `visit` what happened
    to a visit that is on the board, was or may come to be. Each has the number of an event of the
    log as its `id`. `reset` says that too much was missed: read the board again.
    """
    live: Live = request.app.state.live
    live.expect_room(caller.actor.id)
    start = await run_in_threadpool(_begin, caller, day, last_seen)
    return StreamingResponse(
        _stream(caller, live, start, request),
        media_type=STREAM,
        headers={"Cache-Control": "no-store"},
    )


def _begin(caller: Caller, day: date, last_seen: int | None) -> _Start:
    database, actor = caller.house.database, caller.actor
    with database.work(actor) as work:
        span = span_of(day, zone_of(work.session))
        until = lasts_until(work.session, span)
    found = heads(database, actor, [day])
    version = found.versions.get(day, 0)
    said: list[str] = []
    told = found.number if last_seen is None else last_seen
    if not found.number - MOST_BEHIND <= told <= found.number:
        said.append(_event("reset", found.number, {"day": day.isoformat()}))
        told = found.number
    while told < found.number:
        news = news_after(database, actor, told, found.number)
        said += _visits(news, span, until, told)
        told = news.until
    said.append(_board(day, version, told))
    return _Start(said, span, until, Ear(actor.id, actor.outlets, day, told, version))


async def _stream(
    caller: Caller, live: Live, start: _Start, request: Request
) -> AsyncIterator[str]:
    watch = Watch(request, caller, live.heartbeat_s)
    ear, told, version = start.ear, start.ear.told, start.ear.version
    with live.listening(ear):
        for event in start.said:
            yield event
        while True:
            fresh: Fresh | None
            try:
                fresh = await wait_for(ear.queue.get(), caller.patience_s(live.heartbeat_s))
            except TimeoutError:
                if await request.is_disconnected() or not await watch.lets_in():
                    return
                yield HEARTBEAT
                continue
            if fresh is None or not await watch.lets_in():
                return
            for event in _visits(fresh.news, start.span, start.until, told):
                yield event
            told = max(told, fresh.news.until)
            if (newer := fresh.heads.versions.get(ear.day, version)) != version:
                version = newer
                yield _board(ear.day, version, told)


def _visits(news: News, span: Span, until: datetime, told: int) -> Iterable[str]:
    return [
        _event("visit", change.number, _said(change))
        for change in news.changes
        if change.number > told and change.is_on(span, until)
    ]


def _said(change: VisitChange) -> dict[str, object]:
    return {
        "number": change.number,
        "at": change.at.isoformat(),
        "kind": change.kind,
        "visit": str(change.visit),
        "changed": dict(change.changed),
    }


def _board(day: date, version: int, number: int) -> str:
    return _event("board", number, {"day": day.isoformat(), "version": version})


def _event(kind: str, number: int, data: dict[str, object]) -> str:
    return f"event: {kind}\nid: {number}\ndata: {json.dumps(data)}\n\n"
