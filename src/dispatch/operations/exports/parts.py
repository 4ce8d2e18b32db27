"""The parts that were used on a day, to be exported."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import select
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
from dispatch.store.rows.evidence import PartRow
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.outlets import OutletRow

COLUMNS = (
    *("used-part", "quantity", "serial", "used-at", "offset", "technician", "technician-name"),
    *("job", "name", "type", "priority", "outlet", "site", "site-name", "address", "visit"),
)


def exported_parts(database: Database, actor: Actor, day: date) -> AbstractContextManager[Exported]:
    """What technicians say they have used on a day; raises as :func:`exported`."""

    def query(zone: ZoneInfo) -> Query:
        span = span_of(day, zone)
        return (
            select(PartRow, OutletRow.key)
            .join(OutletRow, OutletRow.id == PartRow.outlet_id)
            .where(PartRow.at >= span.start, PartRow.at < span.end)
            .order_by(PartRow.id)
            .options(
                joinedload(PartRow.technician),
                joinedload(PartRow.visit).joinedload(VisitRow.job).joinedload(JobRow.type),
                joinedload(PartRow.visit).joinedload(VisitRow.job).joinedload(JobRow.site),
            )
        )

    return exported(database, actor, COLUMNS, query, _told)


def _told(row: Found, zone: ZoneInfo) -> Told:
    used: PartRow
    used, outlet = row
    return {
        **about(used.visit.job, outlet),
        "used-part": used.part,
        "quantity": used.quantity,
        "serial": used.serial,
        "used-at": by_clock(used.at, zone),
        "offset": offset(used.at, zone),
        "technician": used.technician.key,
        "technician-name": used.technician.name,
        "visit": str(used.visit_id),
    }
