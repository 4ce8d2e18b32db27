"""What importing a day has to know of a record that holds many more days."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ARRAY, Text, any_, literal, select
from sqlalchemy.orm import selectinload

from dispatch.domain.day import Day
from dispatch.store.kinds.kind import Frame, Span
from dispatch.store.rows.customers import SiteRow
from dispatch.store.rows.jobs import JobRow
from dispatch.store.work import Work


def day_frame(work: Work, day: Day) -> Frame:
    """A frame that knows of the jobs and sites that a day names."""
    frame = Frame(work.session, Span(day.start, day.end))
    frame.learn_ids(JobRow, [job.id for job in day.jobs])
    frame.learn_ids(SiteRow, [site.id for site in day.sites])
    return frame


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
