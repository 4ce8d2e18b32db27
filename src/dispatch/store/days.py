"""On whose day something is: a shift is of the day on which it begins, and so are its visits.

A visit at three in the morning of a shift that began at ten in the evening is on the board of the
day before. What nobody has yet is on every board on which it could be done: also on that of the day
before, where a shift lasts until its hard window opens.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BindParameter,
    ColumnElement,
    Float,
    ScalarSelect,
    Uuid,
    and_,
    any_,
    cast,
    func,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import JSONPATH
from sqlalchemy.orm import Session

from dispatch.domain.window import Window, WindowKind
from dispatch.store.kinds.kind import Span
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.technicians import ShiftRow
from dispatch.store.said import heard

Moment = datetime | BindParameter[datetime]

_SHIFT = ShiftRow.__table__
"""As a bare table: what may be seen is for the query to say that asks which of it is of a day."""
_BEGINS: ScalarSelect[Any] = (
    select(_SHIFT.c.start_at)
    .where(_SHIFT.c.id == VisitRow.shift_id)
    .correlate(VisitRow)
    .scalar_subquery()
)
_HARD = cast('$.windows[*] ? (!exists(@.kind) || @.kind == "hard")', JSONPATH)


def of_day(
    start: Moment, end: Moment, *, technician: UUID | BindParameter[UUID] | None = None
) -> ColumnElement[bool]:
    """Which visits are of a day: of the shifts that begin on it.

    What somebody did outside of all their shifts is of the day on which it began.
    """
    shifts = select(_SHIFT.c.id).where(_SHIFT.c.start_at >= start, _SHIFT.c.start_at < end)
    if technician is not None:
        shifts = shifts.where(_SHIFT.c.technician_id == technician)
    # As an array: it is read once, and visits are found by the index of their shift, however many
    # there are; joined, PostgreSQL reads all visits of all years.
    of_them = func.array(shifts.correlate(None).scalar_subquery(), type_=ARRAY(Uuid))
    return or_(
        VisitRow.shift_id == any_(of_them),
        and_(VisitRow.shift_id.is_(None), VisitRow.start_at >= start, VisitRow.start_at < end),
    )


def of_another_day(span: Span) -> ColumnElement[bool]:
    """Which of the visits that are on a route are of a day before or after."""
    moment = func.coalesce(_BEGINS, VisitRow.start_at)
    return or_(moment < span.start, moment >= span.end)


def moment_of(visit: VisitRow) -> datetime | None:
    """By which moment it is told of whose day a visit is; None if it is on no route."""
    return visit.shift.start_at if visit.shift is not None else visit.start_at


def may_be_on(span: Span) -> ColumnElement[bool]:
    """Which jobs may be done on a day, be it in a shift that goes on into the next.

    Into the next day only what has a hard window then: what is to be done on some day, whenever
    that is, is for those who begin on it.
    """
    tonight = func.jsonb_path_exists(JobRow.said, _HARD)
    return and_(
        JobRow.earliest < _last(span),
        JobRow.latest > span.start,
        or_(JobRow.earliest < span.end, tonight),
    )


def is_of_day(session: Session, job: JobRow, span: Span) -> bool:
    """The same of one job, as it is at hand."""
    if job.latest <= span.start:
        return False
    return job.earliest < span.end or (
        bool(hard_spans(job)) and job.earliest < lasts_until(session, span)
    )


def hard_spans(job: JobRow) -> list[Span]:
    """When it may be done, where it says so itself."""
    windows = (heard(Window, window) for window in job.said.get("windows", ()))
    return [Span(window.start, window.end) for window in windows if window.kind is WindowKind.HARD]


def lasts_until(session: Session, span: Span) -> datetime:
    """Until when a day lasts: its end, or that of its last shift with overtime."""
    found: datetime = session.execute(select(_last(span))).scalar_one()
    return found


def _last(span: Span) -> ScalarSelect[Any]:
    overtime = func.coalesce(cast(_SHIFT.c.said["overtime_s"].astext, Float), 0)
    last = func.max(_SHIFT.c.end_at + func.make_interval(0, 0, 0, 0, 0, 0, overtime))
    return (
        select(func.greatest(span.end, last))
        .where(_SHIFT.c.start_at >= span.start, _SHIFT.c.start_at < span.end)
        .correlate(None)
        .scalar_subquery()
    )
