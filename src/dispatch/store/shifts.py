"""Shifts by the names that a day gives them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from dispatch.store.kinds.kind import Span
from dispatch.store.kinds.technicians import named_shifts
from dispatch.store.rows.technicians import TechnicianRow


def shifts_of(session: Session, span: Span) -> dict[tuple[str, str], UUID]:
    """The id of every shift that begins in ``span``, by technician and name."""
    technicians = session.scalars(select(TechnicianRow).options(selectinload(TechnicianRow.shifts)))
    return {
        (technician.key, name): shift.id
        for technician in technicians
        for name, shift in named_shifts(technician, span)
    }
