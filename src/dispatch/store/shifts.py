"""Shifts by the names that a day gives them, and when their breaks are taken."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session, selectinload

from dispatch.domain.plan import PlannedBreak
from dispatch.planning.standing import Breaks
from dispatch.store.kinds.kind import Span
from dispatch.store.kinds.technicians import named_shifts
from dispatch.store.rows.technicians import ShiftRow, TechnicianRow
from dispatch.store.said import heard, said
from dispatch.store.work import Work


def begins_in(span: Span) -> ColumnElement[bool]:
    """Which shifts are those of a stretch of time."""
    return and_(ShiftRow.start_at >= span.start, ShiftRow.start_at < span.end)


def shifts_of(session: Session, span: Span) -> dict[tuple[str, str], ShiftRow]:
    """Every shift that begins in ``span``, by technician and name."""
    technicians = session.scalars(
        select(TechnicianRow)
        .options(selectinload(TechnicianRow.shifts.and_(begins_in(span))))
        .execution_options(populate_existing=True)
    )
    return {
        (technician.key, name): shift
        for technician in technicians
        for name, shift in named_shifts(technician, span)
    }


def breaks_of(session: Session, span: Span) -> Breaks:
    """When the breaks of these shifts are taken; those without any are left out."""
    shifts = shifts_of(session, span).items()
    return {name: planned_breaks(shift) for name, shift in shifts if shift.planned_breaks}


def breaks_by_technician(
    session: Session, span: Span, *, of: UUID | None = None
) -> dict[UUID, list[PlannedBreak]]:
    """The same in order, for everybody or for one."""
    query = select(ShiftRow).where(begins_in(span)).order_by(ShiftRow.start_at)
    found: dict[UUID, list[PlannedBreak]] = {}
    if of is not None:
        query = query.where(ShiftRow.technician_id == of)
    for shift in session.scalars(query):
        found.setdefault(shift.technician_id, []).extend(planned_breaks(shift))
    return found


def planned_breaks(shift: ShiftRow) -> tuple[PlannedBreak, ...]:
    """When they are taken."""
    return tuple(heard(PlannedBreak, entry) for entry in shift.planned_breaks)


def keep_breaks(work: Work, shift: ShiftRow, breaks: Sequence[PlannedBreak]) -> None:
    """Write down when they are taken from now on."""
    wanted = [said(entry) for entry in breaks]
    if shift.planned_breaks != wanted:
        shift.planned_breaks = wanted
        work.note("shift.breaks_planned", shift)
