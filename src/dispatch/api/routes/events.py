"""The event log."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel
from sqlalchemy import select

from dispatch.api.caller import TheCaller
from dispatch.api.paging import MOST, USUAL
from dispatch.domain.role import Role
from dispatch.store.rows.base import Document
from dispatch.store.rows.events import EventRow
from dispatch.store.told import without_private

router = APIRouter(tags=["events"])


class EventView(BaseModel):
    """One thing that happened."""

    number: int
    at: datetime
    kind: str
    subject: UUID
    actor_kind: str
    actor: str
    source: str
    request: str | None
    happened_at: datetime | None
    lat: float | None
    """Where whoever did it was, if they said so: WGS-84."""
    lon: float | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    note: str | None


class Events(BaseModel):
    """A part of the log, in the order in which it was written."""

    items: list[EventView]
    next: int | None
    """Ask again with ``after`` for what follows; None: all told."""


@router.get("/events", name="events.list")
def list_(
    caller: TheCaller,
    subject: UUID | None = None,
    after: Annotated[int, Query(ge=0, le=2**53)] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST)] = USUAL,
) -> Events:
    """What happened, of one thing or of all that one may see.

    Where technicians live is told to the owner only; for others `*` stands there.
    """
    hide = without_private if caller.identity.role is not Role.OWNER else _whole
    query = select(EventRow).where(EventRow.number > after)
    if subject is not None:
        query = query.where(EventRow.subject_id == subject)
    with caller.house.database.work(caller.actor) as work:
        rows = work.session.scalars(query.order_by(EventRow.number).limit(limit + 1)).all()
    return Events(
        items=[
            EventView(
                number=row.number,
                at=row.at,
                kind=row.kind,
                subject=row.subject_id,
                actor_kind=row.actor_kind,
                actor=row.actor,
                source=row.source,
                request=row.request,
                happened_at=row.happened_at,
                lat=row.lat,
                lon=row.lon,
                before=hide(row.before),
                after=hide(row.after),
                note=row.note,
            )
            for row in rows[:limit]
        ],
        next=rows[limit - 1].number if len(rows) > limit else None,
    )


def _whole(document: Document | None) -> Document | None:
    return document
