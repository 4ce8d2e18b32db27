"""Jobs with their visits."""

from __future__ import annotations

from dispatch.domain.job import Job
from dispatch.domain.window import WindowKind
from dispatch.store.kinds.kind import Frame, Kind
from dispatch.store.rows.customers import SiteRow
from dispatch.store.rows.job_types import JobTypeRow
from dispatch.store.rows.jobs import JobRow
from dispatch.store.said import heard, said

OWN = ("id", "type", "site", "name", "priority", "sla_due")


class Jobs(Kind[Job, JobRow]):
    """The work that customers asked for."""

    table = JobRow

    def read(self, row: JobRow, frame: Frame) -> Job:
        """The job that a row holds, as it was asked for; nothing of what became of it."""
        return heard(
            Job,
            row.said,
            id=row.key,
            type=frame.key(JobTypeRow, row.type_id),
            site=frame.key(SiteRow, row.site_id),
            name=row.name,
            priority=row.priority,
            sla_due=row.sla_due,
        )

    def write(self, row: JobRow, value: Job, frame: Frame) -> None:
        """Let a row hold a job; its visits are the caller's."""
        row.type_id, row.site_id = frame.of(JobTypeRow, value.type), frame.of(SiteRow, value.site)
        row.name, row.priority, row.sla_due = value.name, value.priority, value.sla_due
        row.said = said(value, but=OWN)
        hard = [window for window in value.windows if window.kind is WindowKind.HARD]
        row.earliest = min((window.start for window in hard), default=frame.span.start)
        row.latest = max((window.end for window in hard), default=frame.span.end)
