"""Jobs, visits, money and events as tables for spreadsheets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack
from datetime import date
from enum import StrEnum
from tempfile import SpooledTemporaryFile
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse

from dispatch import texts
from dispatch.api.caller import TheCaller
from dispatch.api.problems import language
from dispatch.api.routes.listed_money import OfMoney
from dispatch.api.texts import OnDay
from dispatch.domain.role import Role
from dispatch.formats.exports import csv_text, workbook
from dispatch.formats.exports.table import Table
from dispatch.operations.exports.events import exported_events
from dispatch.operations.exports.jobs import exported_jobs
from dispatch.operations.exports.money import exported_ledger, exported_payments
from dispatch.operations.exports.parts import exported_parts
from dispatch.operations.exports.reading import Exported
from dispatch.operations.exports.visits import exported_visits

IN_MEMORY = 4 * 2**20
"""Bytes; what is longer waits on the disk until it is sent."""
PIECE = 64 * 2**10
BINARY = {"schema": {"type": "string", "format": "binary"}}
TOLD: dict[int | str, dict[str, Any]] = {
    200: {"content": {csv_text.MEDIA: BINARY, workbook.MEDIA: BINARY}}
}


class Format(StrEnum):
    """How a table is written."""

    CSV = "csv"
    XLSX = "xlsx"


MEDIA = {Format.CSV: csv_text.MEDIA, Format.XLSX: workbook.MEDIA}
WRITE = {Format.CSV: csv_text.write_csv, Format.XLSX: workbook.write_workbook}

router = APIRouter(prefix="/exports", tags=["exports"], default_response_class=StreamingResponse)
As = Annotated[Format, Query(alias="format")]
Number = Annotated[int, Query(ge=0, le=2**53)]


@router.get("/jobs", name="exports.jobs", responses=TOLD)
def jobs(
    caller: TheCaller, request: Request, day: OnDay, form: As = Format.CSV
) -> StreamingResponse:
    """The jobs that are to be done on a day, at most 100,000; moments by the network's clocks."""
    found = exported_jobs(caller.house.database, caller.actor, day)
    return _told("jobs", day, found, form, request)


@router.get("/visits", name="exports.visits", responses=TOLD)
def visits(
    caller: TheCaller, request: Request, day: OnDay, form: As = Format.CSV
) -> StreamingResponse:
    """The visits of a day, at most 100,000, those not planned yet last."""
    found = exported_visits(caller.house.database, caller.actor, day)
    return _told("visits", day, found, form, request)


@router.get("/parts", name="exports.parts", responses=TOLD)
def parts(
    caller: TheCaller, request: Request, day: OnDay, form: As = Format.CSV
) -> StreamingResponse:
    """The parts that technicians say they have used on a day, at most 100,000 lines."""
    found = exported_parts(caller.house.database, caller.actor, day)
    return _told("parts", day, found, form, request)


@router.get("/payments", name="exports.payments", responses=TOLD)
def payments(
    caller: TheCaller, request: Request, wanted: OfMoney, form: As = Format.CSV
) -> StreamingResponse:
    """Payments, and refunds with a minus, at most 100,000; narrowed as in their list."""
    found = exported_payments(caller.house.database, caller.actor, wanted)
    return _told("payments", wanted.first, found, form, request)


@router.get("/ledger", name="exports.ledger", responses=TOLD)
def ledger(
    caller: TheCaller, request: Request, wanted: OfMoney, form: As = Format.CSV
) -> StreamingResponse:
    """The lines of the ledger, at most 100,000; narrowed as in their list."""
    found = exported_ledger(caller.house.database, caller.actor, wanted)
    return _told("ledger", wanted.first, found, form, request)


@router.get("/events", name="exports.events", responses=TOLD)
def events(
    caller: TheCaller,
    request: Request,
    form: As = Format.CSV,
    after: Number = 0,
    until: Number | None = None,
) -> StreamingResponse:
    """The event log, or what comes after one number until another; at most 100,000 events."""
    found = exported_events(
        caller.house.database,
        caller.actor,
        after=after,
        until=until,
        private=caller.identity.role is Role.OWNER,
    )
    return _told("events", None, found, form, request)


def _told(
    name: str,
    day: date | None,
    found: AbstractContextManager[Exported],
    form: Format,
    request: Request,
) -> StreamingResponse:
    """All of it is written before the first byte is sent, so that what fails is told as such."""
    lang = language(request)
    file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed when it has been sent
    with ExitStack() as stack:
        stack.callback(file.close)
        with found as exported:
            headings = [texts.say(f"export.column.{key}", lang) for key in exported.columns]
            WRITE[form](Table(texts.say(f"export.{name}", lang), headings, exported.rows), file)
        file.seek(0)
        stack.pop_all()
    dated = f"{name}-{day.isoformat()}" if day else name
    headers = {
        "Content-Disposition": f'attachment; filename="{dated}.{form}"',
        "Content-Language": lang,
        "Cache-Control": "no-store",
    }
    return StreamingResponse(_pieces(file), headers=headers, media_type=MEDIA[form])


def _pieces(file: SpooledTemporaryFile[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE):
            yield piece
