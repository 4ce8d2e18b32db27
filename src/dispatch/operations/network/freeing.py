"""Visits of people who are not there to do them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from dispatch.domain.states.visit import PLANNED, UNDER_WAY
from dispatch.store.board import day_of, zone_of
from dispatch.store.jobs import follow_visits
from dispatch.store.offers import withdraw_standing
from dispatch.store.placing import free
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.technicians import TechnicianRow
from dispatch.store.scope import UNSCOPED
from dispatch.store.work import Work


def waiting_visits(
    work: Work, technician: UUID, start: datetime | None = None, end: datetime | None = None
) -> list[VisitRow]:
    """What somebody is to do in a stretch of time and has not set off for, held until the end.

    For whichever outlet: nobody can do it there either.
    """
    query = select(VisitRow).where(
        VisitRow.technician_id == technician, VisitRow.state.in_(PLANNED)
    )
    if end is not None:
        query = query.where(VisitRow.start_at < end)
    if start is not None:
        query = query.where(VisitRow.end_at > start)
    query = query.order_by(VisitRow.id).with_for_update(of=VisitRow)
    return list(work.session.scalars(query, execution_options=UNSCOPED))


def is_under_way(work: Work, technician: UUID, shift: UUID | None = None) -> bool:
    """Whether somebody is at a visit, or on the way to one, for whichever outlet."""
    query = select(VisitRow.id).where(
        VisitRow.technician_id == technician, VisitRow.state.in_(UNDER_WAY)
    )
    if shift is not None:
        query = query.where(VisitRow.shift_id == shift)
    return work.session.execute(query.limit(1), execution_options=UNSCOPED).first() is not None


def free_visits(work: Work, visits: Collection[VisitRow], why: str) -> set[date]:
    """Let visits be anybody's again; answers on whose boards they were."""
    days = {day_of(work.session, visit) for visit in visits}
    jobs = [work.get(JobRow, job, lock=True) for job in sorted({visit.job_id for visit in visits})]
    for visit in visits:
        free(visit)
        visit.pin = None
        work.note("visit.freed", visit, why=why)
        withdraw_standing(work, visit, why)
    follow_visits(work, jobs)
    return days


def days_of(work: Work, moments: Iterable[datetime]) -> set[date]:
    """On whose boards they are."""
    zone = zone_of(work.session)
    return {moment.astimezone(zone).date() for moment in moments}


def working_days(work: Work, technician: TechnicianRow) -> set[date]:
    """The days from now on that somebody works."""
    starts = [shift.start_at for shift in technician.shifts if shift.end_at > work.now]
    return days_of(work, starts) if starts else set()
