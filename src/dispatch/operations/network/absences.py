"""Time that somebody is away: leave, sickness, training."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from dispatch.domain.actor import Actor
from dispatch.domain.shift import Absence
from dispatch.errors import Missing
from dispatch.operations.network.freeing import free_visits, waiting_visits
from dispatch.store.board import touch_days
from dispatch.store.database import Database
from dispatch.store.ids import new_id
from dispatch.store.rows.technicians import AbsenceRow, TechnicianRow
from dispatch.store.work import all_outlets


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
        met = waiting_visits(work, technician.id, start, end)
        with all_outlets(work):
            days = free_visits(work, met, "absence")
        touch_days(work.session, days)
        return work.commit(row.id)


def remove_absence(database: Database, actor: Actor, technician_id: UUID, absence_id: UUID) -> None:
    """Somebody is there after all; raises Missing."""
    with database.work(actor) as work:
        technician = work.get(TechnicianRow, technician_id, lock=True)
        found = [away for away in technician.absences if away.id == absence_id]
        if not found:
            raise Missing("store.missing", kind="absence", id=str(absence_id))
        technician.absences.remove(found[0])
        technician.version += 1
        work.forget("absence.removed", found[0])
        work.commit()
