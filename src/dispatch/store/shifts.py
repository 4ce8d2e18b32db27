"""Shifts by the names that a day gives them, and when their breaks are taken."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session, selectinload

from dispatch.domain.plan import PlannedBreak
from dispatch.planning.standing import Breaks
from dispatch.store.kinds.kind import Span
from dispatch.store.kinds.technicians import named_shifts, names_of
from dispatch.store.rows.technicians import ShiftRow, TechnicianRow
from dispatch.store.said import heard, said
from dispatch.store.scope import UNSCOPED
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


def shift_names(session: Session, span: Span, *, of: UUID | None = None) -> dict[UUID, str]:
    """The same names by the shift's id, of everybody or of one; whoever asks sees its visits."""
    columns = (ShiftRow.id, ShiftRow.technician_id, ShiftRow.key, ShiftRow.start_at)
    query = select(*columns).where(begins_in(span))
    if of is not None:
        query = query.where(ShiftRow.technician_id == of)
    theirs: dict[UUID, list[Any]] = {}
    for shift in session.execute(query, execution_options=UNSCOPED):
        theirs.setdefault(shift.technician_id, []).append(shift)
    return {shift.id: name for shifts in theirs.values() for name, shift in names_of(shifts)}


def breaks_of(session: Session, span: Span) -> Breaks:
    """When the breaks of these shifts are taken; those without any are left out."""
    shifts = shifts_of(session, span).items()
    return {
        name: breaks_heard(shift.planned_breaks) for name, shift in shifts if shift.planned_breaks
    }


def breaks_by_technician(
    session: Session, span: Span, *, of: UUID | None = None
) -> dict[UUID, list[PlannedBreak]]:
    """The same in order, for everybody or for one."""
    query = select(ShiftRow.technician_id, ShiftRow.planned_breaks).where(begins_in(span))
    found: dict[UUID, list[PlannedBreak]] = {}
    if of is not None:
        query = query.where(ShiftRow.technician_id == of)
    for technician, kept in session.execute(query.order_by(ShiftRow.start_at)):
        found.setdefault(technician, []).extend(breaks_heard(kept))
    return found


def breaks_heard(kept: Sequence[Any]) -> tuple[PlannedBreak, ...]:
    """When they are taken, as a shift keeps it."""
    return tuple(heard(PlannedBreak, entry) for entry in kept)


def keep_breaks(work: Work, shift: ShiftRow, breaks: Sequence[PlannedBreak]) -> None:
    """Write down when they are taken from now on."""
    wanted = [said(entry) for entry in breaks]
    if shift.planned_breaks != wanted:
        shift.planned_breaks = wanted
        work.note("shift.breaks_planned", shift)
