"""What importing a day has to know of a record that holds many more days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import ARRAY, Text, any_, literal, select
from sqlalchemy.orm import selectinload

from dispatch.domain.clock import fixed
from dispatch.domain.day import Day
from dispatch.store.kinds.kind import Frame, Span
from dispatch.store.rows.customers import SiteRow
from dispatch.store.rows.jobs import JobRow
from dispatch.store.rows.outlets import OrganisationRow
from dispatch.store.work import Work


def day_frame(work: Work, day: Day) -> Frame:
    """A frame that knows of the jobs and sites that a day names."""
    kept = work.session.scalars(select(OrganisationRow.zone)).one_or_none()
    zone = ZoneInfo(kept) if kept else day.zone_info
    frame = Frame(work.session, Span(day.start, _last_midnight(day, zone)), day.end)
    frame.learn_ids(JobRow, [job.id for job in day.jobs])
    frame.learn_ids(SiteRow, [site.id for site in day.sites])
    return frame


def _last_midnight(day: Day, zone: ZoneInfo) -> datetime:
    """Where the last of its days ends: after it there is only what goes on of shifts before.

    So a file whose last shift ends at six in the morning says nothing of the shifts of that day,
    and what may be done on any of its days is not to be done on that one.
    """
    end = day.end.astimezone(zone)
    midnight = fixed(datetime.combine(end.date(), time(), end.tzinfo))
    shifts = [shift for person in day.technicians for shift in person.shifts]
    goes_on = any(shift.end > midnight for shift in shifts)
    begins_after = any(shift.start >= midnight for shift in shifts)
    return midnight if goes_on and not begins_after and day.start < midnight else day.end


def known_jobs(work: Work, day: Day) -> Sequence[JobRow]:
    """Those of its jobs that are there already, with their visits; nobody else changes them.

    As long as somebody holds them, whoever looks at their visits asks the database nothing.
    """
    keys = literal([job.id for job in day.jobs], ARRAY(Text))
    query = (
        select(JobRow)
        .where(JobRow.key == any_(keys))
        .order_by(JobRow.id)
        .options(selectinload(JobRow.visits))
        .with_for_update(of=JobRow, key_share=True)
    )
    return work.session.scalars(query).all()
