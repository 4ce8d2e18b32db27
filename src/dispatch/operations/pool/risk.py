"""When the pool has had its chance: the promise to the customer would be at risk after it."""

from __future__ import annotations

from datetime import datetime, timedelta

from dispatch.store.pool_rules import rules_of
from dispatch.store.rows.jobs import JobRow, VisitRow
from dispatch.store.work import Work


def push_moment(work: Work, visit: VisitRow, job: JobRow, expires_at: datetime) -> datetime | None:
    """When somebody is to be asked to take a visit that nobody claims; None: the offer ends first.

    Whoever offers it when that time has come already has decided to wait until the offer ends.
    """
    lead = timedelta(seconds=rules_of(work.session).push_lead_s)
    at_risk = latest_start(visit, job) - lead
    if at_risk <= work.now:
        return expires_at
    return at_risk if at_risk < expires_at else None


def latest_start(visit: VisitRow, job: JobRow) -> datetime:
    """The last moment at which a visit may start, by what was promised, the windows and the SLA."""
    moments = [visit.promised_to or job.latest]
    if job.sla_due is not None:
        moments.append(job.sla_due - timedelta(seconds=_work_s(job)))
    return min(moments)


def _work_s(job: JobRow) -> int:
    """About how long it takes; who is quick or slow is not known yet."""
    own = job.said.get("duration_s")
    return int(own if own is not None else job.type.said["duration_s"])
