"""Importing a day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from dispatch.api.caller import Caller, TheCaller
from dispatch.api.texts import Key
from dispatch.formats.day_json import read_day
from dispatch.operations.import_day import Imported, import_day

router = APIRouter(tags=["intake"])

DayDocument = Annotated[
    dict[str, Any],
    Body(
        description="A day in the day format (`dispatch.day`, version 1).",
        examples=[{"format": "dispatch.day", "version": 1, "id": "2026-03-03", "zone": "UTC"}],
    ),
]


class Count(BaseModel):
    """What has become of the things of one kind."""

    added: int
    changed: int
    same: int


class Told(BaseModel):
    """What an import has changed, or would change."""

    kinds: dict[str, Count]
    warnings: Sequence[str]


@router.post("/imports", name="imports.create")
async def create(
    caller: TheCaller,
    day: DayDocument,
    outlet: Annotated[Key | None, Query(description="Whose jobs these are.")] = None,
    *,
    preview: Annotated[bool, Query(description="Only say what would change.")] = False,
) -> Told:
    """Bring a whole day into the record: all of it, or nothing."""
    return await run_in_threadpool(_import, caller, day, outlet, preview)


def _import(caller: Caller, day: dict[str, Any], outlet: str | None, preview: bool) -> Told:
    import json

    read = read_day(json.dumps(day).encode(), file="body")
    done = caller.once(
        Imported,
        lambda: import_day(
            caller.house.database, caller.actor, read, outlet=outlet, preview=preview
        ),
    )
    kinds = {
        name: Count(added=kind.added, changed=kind.changed, same=kind.same)
        for name, kind in done.kinds.items()
    }
    return Told(kinds=kinds, warnings=[finding.cause() for finding in done.findings])
