"""The visits of a day, to be exported."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload

from dispatch.domain.actor import Actor
from dispatch.operations.exports.reading import (
    Exported,
    Found,
    Query,
    Told,
    about,
    by_clock,
    exported,
    offset,
)
from dispatch.store.board import span_of
from dispatch.store.database import Database
from dispatch.store.days import may_be_on, of_day
from dispatch.store.rows.evidence import CompletionRow
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.outlets import OutletRow

COMPLETED = (
    *("completed-at", "work-minutes", "pause-minutes", "code-right", "files", "files-awaited"),
)
COLUMNS = (
    *("job", "name", "type", "state", "part", "seat", "technician", "technician-name"),
    *("place", "arrival", "start", "offset", "end", "began", "ended"),
    *("promised-from", "promised-to"),
    *COMPLETED,
    *("priority", "outlet", "site", "site-name", "address", "id"),
)


def exported_visits(
    database: Database, actor: Actor, day: date
) -> AbstractContextManager[Exported]:
    """The visits of a day: planned on it, or of its jobs and not planned yet.

    Raises as :func:`exported`.
    """

    def query(zone: ZoneInfo) -> Query:
        span = span_of(day, zone)
        planned = of_day(span.start, span.end)
        return (
            select(VisitRow, OutletRow.key, CompletionRow)
            .join(VisitRow.job)
            .outerjoin(CompletionRow, CompletionRow.visit_id == VisitRow.id)
            .join(OutletRow, OutletRow.id == VisitRow.outlet_id)
            .where(or_(planned, and_(VisitRow.start_at.is_(None), may_be_on(span))))
            .order_by(VisitRow.start_at, VisitRow.id)
            .options(
                joinedload(VisitRow.technician),
                joinedload(VisitRow.job).joinedload(JobRow.type),
                joinedload(VisitRow.job).joinedload(JobRow.site),
            )
        )

    return exported(database, actor, COLUMNS, query, _told)


def _told(row: Found, zone: ZoneInfo) -> Told:
    visit: VisitRow
    visit, outlet, completion = row
    technician = visit.technician
    return {
        **about(visit.job, outlet),
        "state": visit.state.value,
        "part": visit.part,
        "seat": visit.seat,
        "technician": technician.key if technician else None,
        "technician-name": technician.name if technician else None,
        "place": visit.place,
        "arrival": by_clock(visit.arrive_at, zone),
        "start": by_clock(visit.start_at, zone),
        "offset": offset(visit.start_at, zone),
        "end": by_clock(visit.end_at, zone),
        "began": by_clock(visit.began_at, zone),
        "ended": by_clock(visit.ended_at, zone),
        "promised-from": by_clock(visit.promised_from, zone),
        "promised-to": by_clock(visit.promised_to, zone),
        "id": str(visit.id),
        **_completed(completion, zone),
    }


def _completed(row: CompletionRow | None, zone: ZoneInfo) -> Told:
    if row is None:
        return dict.fromkeys(COMPLETED)
    values = (
        by_clock(row.at, zone),
        None if row.work_s is None else round(row.work_s / 60),
        round(row.paused_s / 60),
        int(row.code_right),
        len(row.files),
        row.awaited,
    )
    return dict(zip(COMPLETED, values, strict=True))
