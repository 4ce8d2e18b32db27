"""When the pool has had its chance: the promise to the customer would be at risk after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.orm import selectinload

from dispatch.operations.pool.sift import Able, asked_of
from dispatch.store.pool_rules import rules_of
from dispatch.store.reach import kin
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.rows.technicians import AbsenceRow, ShiftRow, TechnicianRow
from dispatch.store.scope import UNSCOPED
from dispatch.store.work import Work

AT_ONCE = 50
LONGEST = timedelta(days=2)
"""A shift that began earlier is not looked for."""


def push_moment(work: Work, visit: VisitRow, job: JobRow, expires_at: datetime) -> datetime:
    """When somebody is to be asked to take a visit that nobody claims; when the offer ends at last.

    Whoever offers it when the promise is at risk already has decided to wait until the offer ends,
    or, if nobody could come then any more, half of the time that is left.
    """
    rules = rules_of(work.session)
    latest = latest_start(work, visit, job)
    at_risk = latest - timedelta(seconds=rules.push_lead_s)
    if at_risk > work.now:
        return min(at_risk, expires_at)
    if expires_at > latest > work.now:
        return work.now + (latest - work.now) / 2
    return expires_at


def latest_start(work: Work, visit: VisitRow, job: JobRow) -> datetime:
    """The last moment at which a visit may start.

    By what was promised, the windows and the SLA, and as long as somebody works who could do it.
    """
    lasts = timedelta(seconds=_work_s(job))
    moments = [visit.promised_to or job.latest]
    if job.sla_due is not None:
        moments.append(job.sla_due - lasts)
    latest = min(moments)
    end = _last_at_work(work, job, latest)
    return latest if end is None else min(latest, end - lasts)


def _last_at_work(work: Work, job: JobRow, latest: datetime) -> datetime | None:
    """When the last of them ends who could do it; None where nobody's shift is known."""
    asked, rules = asked_of(work, job), rules_of(work.session)
    ends = _ends(work, job, latest)
    for start in range(0, len(ends), AT_ONCE):
        here = ends[start : start + AT_ONCE]
        able = _able(work, [technician for technician, _ in here])
        for technician, end in here:
            if asked.is_for(able[technician], rules):
                return end
    return None


_AWAY = exists().where(
    AbsenceRow.technician_id == ShiftRow.technician_id,
    AbsenceRow.start_at < ShiftRow.end_at,
    AbsenceRow.end_at >= ShiftRow.end_at,
)
"""Whoever is away when a shift ends is not asked until then."""


def _ends(work: Work, job: JobRow, latest: datetime) -> list[tuple[UUID, datetime]]:
    """When each who may be asked is at work last before then, overtime included; the last first."""
    first = max(work.now, job.earliest)
    overtime = func.coalesce(ShiftRow.said["overtime_s"].as_integer(), 0)
    end = func.max(ShiftRow.end_at + func.make_interval(0, 0, 0, 0, 0, 0, overtime))
    query = (
        select(ShiftRow.technician_id, end)
        .join(TechnicianRow, TechnicianRow.id == ShiftRow.technician_id)
        .where(
            TechnicianRow.active,
            TechnicianRow.open_for_work,
            ~_AWAY,
            TechnicianRow.outlet_id.in_(kin(work.session, job.outlet_id)),
            ShiftRow.start_at > first - LONGEST,
            ShiftRow.start_at <= latest,
            ShiftRow.end_at > first,
        )
        .group_by(ShiftRow.technician_id)
        .order_by(end.desc(), ShiftRow.technician_id)
    )
    rows = work.session.execute(query, execution_options=UNSCOPED)
    return [(technician, moment) for technician, moment in rows]


def _able(work: Work, people: Sequence[UUID]) -> Mapping[UUID, Able]:
    query = (
        select(TechnicianRow)
        .where(TechnicianRow.id.in_(people))
        .options(selectinload(TechnicianRow.skills))
    )
    rows = work.session.scalars(query, execution_options=UNSCOPED)
    return {row.id: Able.of(row) for row in rows}


def _work_s(job: JobRow) -> int:
    """About how long it takes; who is quick or slow is not known yet."""
    own = job.said.get("duration_s")
    return int(own if own is not None else job.type.said["duration_s"])
