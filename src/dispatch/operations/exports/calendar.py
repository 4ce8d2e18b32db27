"""A technician's visits as a calendar shows them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from dispatch.domain.actor import Actor
from dispatch.domain.position import Position
from dispatch.domain.states.visit import VisitState
from dispatch.formats.icalendar import Entry, write_calendar
from dispatch.store.database import Database
from dispatch.store.own_route import TOLD
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.scope import UNSCOPED

BACK, AHEAD = timedelta(days=7), timedelta(days=30)


def calendar_of(database: Database, actor: Actor, technician: UUID) -> bytes:
    """What a technician has been told to do, from a week ago to thirty days ahead.

    Nothing of it says whom to call: a calendar is kept by programs that are not ours.
    """
    with database.work(actor) as work:
        query = (
            select(VisitRow)
            .where(
                VisitRow.technician_id == technician,
                VisitRow.state.in_(TOLD),
                VisitRow.start_at >= work.now - BACK,
                VisitRow.start_at < work.now + AHEAD,
            )
            .order_by(VisitRow.start_at, VisitRow.place)
            .options(
                joinedload(VisitRow.job).joinedload(JobRow.site),
                joinedload(VisitRow.job).joinedload(JobRow.type),
            )
        )
        visits: Sequence[VisitRow] = work.session.scalars(query, execution_options=UNSCOPED).all()
        return write_calendar((entry for visit in visits for entry in _entries(visit)), work.now)


def _entries(visit: VisitRow) -> Sequence[Entry]:
    if visit.start_at is None or visit.end_at is None:
        return ()
    job, site = visit.job, visit.job.site
    what = job.type.name or job.type.key
    entry = Entry(
        id=str(visit.id),
        version=visit.version,
        start=visit.start_at,
        end=visit.end_at,
        summary=" ".join(part for part in (job.key, what, job.name) if part),
        location=", ".join(part for part in (site.name, site.address) if part) or site.key,
        position=Position(site.lat, site.lon),
        cancelled=visit.state is VisitState.CANCELLED,
    )
    return (entry,)
