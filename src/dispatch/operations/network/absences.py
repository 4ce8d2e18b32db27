"""Time that somebody is away: leave, sickness, training."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from dispatch.domain.actor import Actor
from dispatch.domain.shift import Absence
from dispatch.domain.states.visit import VisitState
from dispatch.errors import Missing
from dispatch.store.board import day_of, touch_days
from dispatch.store.database import Database
from dispatch.store.ids import new_id
from dispatch.store.jobs import follow_visits
from dispatch.store.offers import withdraw_standing
from dispatch.store.placing import free
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.technicians import AbsenceRow, TechnicianRow
from dispatch.store.work import Work

WAITING = (VisitState.SCHEDULED, VisitState.DISPATCHED)


def add_absence(
    database: Database,
    actor: Actor,
    technician_id: UUID,
    *,
    start: datetime,
    end: datetime,
    reason: str = "",
) -> UUID:
    """Somebody is away: what they had to do then is free again, but for what they are at.

    Raises
    ------
    InvalidValue
        It ends before it begins.
    Missing
        There is no such technician.
    """
    Absence(start=start, end=end, reason=reason)
    with database.work(actor) as work:
        technician = work.get(TechnicianRow, technician_id, lock=True)
        row = AbsenceRow(
            id=new_id(), technician_id=technician.id, start_at=start, end_at=end, reason=reason
        )
        technician.absences.append(row)
        technician.version += 1
        work.note("absence.added", row)
        _free_visits(work, technician, start, end)
        return work.commit(row.id)


def remove_absence(database: Database, actor: Actor, technician_id: UUID, absence_id: UUID) -> None:
    """Somebody is there after all; raises Missing."""
    with database.work(actor) as work:
        technician = work.get(TechnicianRow, technician_id, lock=True)
        found = [away for away in technician.absences if away.id == absence_id]
        if not found:
            raise Missing("store.missing", kind="absence", id=str(absence_id))
        technician.absences = [away for away in technician.absences if away.id != absence_id]
        technician.version += 1
        work.note("technician.changed", technician)
        work.commit()


def _free_visits(work: Work, technician: TechnicianRow, start: datetime, end: datetime) -> None:
    """Only those of outlets that the actor sees."""
    query = (
        select(VisitRow)
        .where(
            VisitRow.technician_id == technician.id,
            VisitRow.state.in_(WAITING),
            VisitRow.start_at < end,
            VisitRow.end_at > start,
        )
        .order_by(VisitRow.id)
        .with_for_update(of=VisitRow)
    )
    visits = list(work.session.scalars(query))
    days = {day_of(work.session, visit) for visit in visits}
    for visit in visits:
        free(visit)
        visit.pin = None
        work.note("visit.freed", visit, why="absence")
        withdraw_standing(work, visit, "absence")
    jobs = sorted({visit.job_id for visit in visits})
    follow_visits(work, [work.get(JobRow, job, lock=True) for job in jobs])
    touch_days(work.session, days)
