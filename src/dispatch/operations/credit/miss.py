"""Note no-shows: visits of which nothing was heard until long after they should have been over."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from dispatch.domain.actor import Actor
from dispatch.domain.credit import NO_SHOW_S, POINTS, CreditKind
from dispatch.domain.states.visit import VisitState
from dispatch.store.credit import credit_for, move_score
from dispatch.store.database import Database
from dispatch.store.rows.credit import CreditRow
from dispatch.store.rows.jobs import VisitRow
from dispatch.store.rows.technicians import TechnicianRow
from dispatch.store.work import Work

AT_ONCE = 100
BACK = timedelta(days=2)
"""What is older was not looked at in time, and nobody is held to it."""


def note_no_shows(database: Database, actor: Actor) -> int:
    """Let those count that have not counted yet; answers how many there were."""
    with database.work(actor) as work:
        found = _silent(work)
    return sum(_note(database, actor, technician, visit) for technician, visit in found)


def _silent(work: Work) -> list[tuple[UUID, UUID]]:
    counted = (
        select(CreditRow.id)
        .where(
            CreditRow.visit_id == VisitRow.id,
            CreditRow.technician_id == VisitRow.technician_id,
            CreditRow.kind == CreditKind.NO_SHOW,
        )
        .exists()
    )
    until = work.now - timedelta(seconds=NO_SHOW_S)
    query = (
        select(VisitRow.technician_id, VisitRow.id)
        .where(
            VisitRow.state == VisitState.DISPATCHED,
            VisitRow.end_at <= until,
            VisitRow.end_at > until - BACK,
            ~counted,
        )
        .order_by(VisitRow.technician_id, VisitRow.id)
        .limit(AT_ONCE)
    )
    return [(person, visit) for person, visit in work.session.execute(query) if person]


def _note(database: Database, actor: Actor, technician_id: UUID, visit_id: UUID) -> bool:
    with database.work(actor) as work:
        technician = work.get(TechnicianRow, technician_id, lock=True)
        visit = work.get(VisitRow, visit_id, lock=True)
        if visit.state is not VisitState.DISPATCHED or visit.technician_id != technician.id:
            return False
        if credit_for(work, technician.id, visit.id, CreditKind.NO_SHOW) is not None:
            return False
        points = POINTS[CreditKind.NO_SHOW]
        move_score(work, technician, CreditKind.NO_SHOW, points, visit=visit.id)
        return work.commit(True)
