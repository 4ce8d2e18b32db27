"""Jobs with their visits."""

from __future__ import annotations

from datetime import UTC, datetime

from dispatch.domain.job import Job
from dispatch.domain.window import WindowKind
from dispatch.store.kinds.kind import Frame, Kind
from dispatch.store.rows.base import Document
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
        row.earliest, row.latest = _days(value, frame)

    def beside(self, row: JobRow) -> Document:
        """From when to when it is to be planned."""
        return _told(row.earliest, row.latest)

    def framed(self, value: Job, frame: Frame) -> Document:
        """The same, as it is to be: on the day that it came with, if it has no hard window."""
        return _told(*_days(value, frame))


def _days(value: Job, frame: Frame) -> tuple[datetime, datetime]:
    hard = [window for window in value.windows if window.kind is WindowKind.HARD]
    earliest = min((window.start for window in hard), default=frame.span.start)
    return earliest, max((window.end for window in hard), default=frame.span.end)


def _told(earliest: datetime, latest: datetime) -> Document:
    return {
        "earliest": earliest.astimezone(UTC).isoformat(),
        "latest": latest.astimezone(UTC).isoformat(),
    }
