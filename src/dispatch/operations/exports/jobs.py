"""The jobs of a day, to be exported."""

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
)
from dispatch.store.board import span_of
from dispatch.store.database import Database
from dispatch.store.filters import is_on
from dispatch.store.rows.jobs import JobRow
from dispatch.store.rows.outlets import OutletRow

COLUMNS = (
    *("job", "name", "type", "state", "priority", "outlet", "site", "site-name", "address"),
    *("earliest", "latest", "sla-due", "id"),
)


def exported_jobs(database: Database, actor: Actor, day: date) -> AbstractContextManager[Exported]:
    """The jobs that may be done on a day, or are planned on it, as they are listed.

    Raises as :func:`exported`.
    """

    def query(zone: ZoneInfo) -> Query:
        span = span_of(day, zone)
        return (
            select(JobRow, OutletRow.key)
            .join(OutletRow, OutletRow.id == JobRow.outlet_id)
            .where(is_on(span))
            .order_by(JobRow.key)
            .options(joinedload(JobRow.type), joinedload(JobRow.site))
        )

    return exported(database, actor, COLUMNS, query, _told)


def _told(row: Found, zone: ZoneInfo) -> Told:
    job: JobRow
    job, outlet = row
    return {
        **about(job, outlet),
        "state": job.state.value,
        "earliest": by_clock(job.earliest, zone),
        "latest": by_clock(job.latest, zone),
        "sla-due": by_clock(job.sla_due, zone),
        "id": str(job.id),
    }
