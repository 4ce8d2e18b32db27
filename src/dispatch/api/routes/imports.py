"""Importing a day."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Request
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from dispatch.api.access import may
from dispatch.api.caller import Caller, TheCaller
from dispatch.api.pictures import BINARY
from dispatch.api.pictures import Body as Content
from dispatch.api.problems import Wrong, language, said
from dispatch.api.texts import Key
from dispatch.formats.day_json import named_in, read_day
from dispatch.formats.exports.workbook import MEDIA as XLSX
from dispatch.operations.import_day import Imported, import_day
from dispatch.operations.import_tables import import_tables
from dispatch.store.organisation import Change

router = APIRouter(tags=["intake"])

FILE = "body"
"""How findings name what was sent."""
TABLES: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "A workbook, or a ZIP archive of CSV files, one for each sheet.",
        "content": dict.fromkeys((XLSX, "application/zip"), BINARY),
    },
}
"""Which of the two it is, is seen from what stands in it: the declared type counts for nothing."""
EXAMPLE: dict[str, Any] = {
    "format": "dispatch.day",
    "version": 1,
    "id": "2026-03-03",
    "zone": "UTC",
    "start": "2026-03-03T00:00:00Z",
    "end": "2026-03-04T00:00:00Z",
}
"""The least that is a day; it changes nothing."""
DayDocument = Annotated[
    dict[str, Any],
    Body(
        description="A day in the day format (`dispatch.day`, version 1).",
        examples=[EXAMPLE],
    ),
]
OfOutlet = Annotated[
    Key | None,
    Query(description="Whose jobs these are; one's own outlet, or headquarters, if not said."),
]
Preview = Annotated[bool, Query(description="Only say what would change.")]


class Count(BaseModel):
    """What has become of the things of one kind."""

    added: int
    changed: int
    same: int


class Told(BaseModel):
    """What an import has changed, or would change."""

    kinds: dict[str, Count]
    organisation: Sequence[Change]
    """What of the whole network is another than before: zone, prices, speeds."""
    warnings: Sequence[Wrong]
    """What is doubtful: the first thousand."""
    warnings_in_all: int

    @staticmethod
    def of(done: Imported, lang: str) -> Told:
        """In a language."""
        return Told(
            kinds={
                name: Count(added=kind.added, changed=kind.changed, same=kind.same)
                for name, kind in done.kinds.items()
            },
            organisation=done.organisation,
            warnings=[Wrong(**finding) for finding in said(done.findings, lang)],
            warnings_in_all=len(done.findings),
        )


@router.post("/imports", name="imports.create")
async def create(
    caller: TheCaller,
    request: Request,
    day: DayDocument,
    outlet: OfOutlet = None,
    *,
    preview: Preview = False,
) -> Told:
    """Bring a whole day into the record: all of it, or nothing.

    What the file does not name stays. Whoever sees a part of the network brings in sites and jobs
    of theirs, and names the rest; zone, currency, prices and speeds are changed by whoever may edit
    the organisation.
    """

    def do() -> Imported:
        import json

        read = read_day(json.dumps(day).encode(), file=FILE)
        database = caller.house.database
        return import_day(
            database,
            caller.actor,
            read,
            outlet=outlet,
            preview=preview,
            named=named_in(day),
            may_set=_may_set(caller),
        )

    return await run_in_threadpool(_told, caller, request, do)


@router.post("/imports/tables", name="imports.tables", openapi_extra=TABLES)
def create_from_tables(
    caller: TheCaller,
    request: Request,
    content: Content,
    outlet: OfOutlet = None,
    *,
    preview: Preview = False,
) -> Told:
    """Bring a day that was filled in as tables into the record: all of it, or nothing.

    The tables are those of `dispatch template`; what is wrong is told with sheet, row and column.
    """
    database = caller.house.database
    return _told(
        caller,
        request,
        lambda: import_tables(
            database,
            caller.actor,
            content,
            file=FILE,
            outlet=outlet,
            preview=preview,
            may_set=_may_set(caller),
        ),
    )


def _may_set(caller: Caller) -> bool:
    """Whether they may change by a file what they may change by hand."""
    return may(caller.identity, "organisation.change")


def _told(caller: Caller, request: Request, do: Callable[[], Imported]) -> Told:
    return Told.of(caller.once(Imported, do), language(request))
