"""Which day it is for somebody: whoever works over midnight goes on with the day before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.store.board import ONE, span_of, zone_of
from dispatch.store.rows.technicians import ShiftRow


@dataclass(frozen=True, slots=True)
class WorkingDay:
    """A day, and when it begins for somebody: where the shift ends that went on into it."""

    date: date
    since: datetime


def working_day(session: Session, technician: UUID, now: datetime) -> WorkingDay:
    """That of the shift that somebody is in, or today."""
    zone = zone_of(session)
    day = now.astimezone(zone).date()
    query = select(ShiftRow.start_at, ShiftRow.end_at).where(
        ShiftRow.technician_id == technician,
        ShiftRow.start_at <= now,
        ShiftRow.end_at > span_of(day - ONE, zone).start,
    )
    shifts = [(start, end) for start, end in session.execute(query)]
    day = min([day, *(start.astimezone(zone).date() for start, end in shifts if now < end)])
    midnight = span_of(day, zone).start
    since = max([midnight, *(end for start, end in shifts if start < midnight)])
    return WorkingDay(day, since)
