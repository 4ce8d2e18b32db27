"""Templates of jobs."""

from __future__ import annotations

from dispatch.domain.job import JobType
from dispatch.store.kinds.kind import Frame, Kind
from dispatch.store.rows.job_types import JobTypeRow
from dispatch.store.said import heard, said

OWN = ("id", "name")


class JobTypes(Kind[JobType, JobTypeRow]):
    """Templates of jobs; what the day format does not know of them stays as it is."""

    table = JobTypeRow

    def read(self, row: JobTypeRow, frame: Frame) -> JobType:
        """The job type that a row holds."""
        return heard(JobType, row.said, id=row.key, name=row.name)

    def write(self, row: JobTypeRow, value: JobType, frame: Frame) -> None:
        """Let a row hold a job type."""
        row.name, row.said = value.name, said(value, but=OWN)
