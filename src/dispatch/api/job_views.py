"""Jobs and their visits as they are shown."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from dispatch.api.problems import Wrong
from dispatch.domain.states.job import JobAction, JobState, asked_of
from dispatch.domain.states.visit import VisitState
from dispatch.operations.jobs.decide import seats_of
from dispatch.store.rows.jobs import JobRow, VisitRow


class VisitView(BaseModel):
    """One trip to do a job, or one seat's part of it."""

    id: UUID
    version: int
    part: int
    seat: int
    state: VisitState
    technician: UUID | None
    start: datetime | None
    end: datetime | None
    """As planned."""
    began: datetime | None
    """When the technician has started."""
    ended: datetime | None
    """When it was done, in part or not."""
    promised_from: datetime | None
    promised_to: datetime | None
    pinned: bool

    @staticmethod
    def of(row: VisitRow) -> VisitView:
        """As it is kept."""
        return VisitView(
            id=row.id,
            version=row.version,
            part=row.part,
            seat=row.seat,
            state=row.state,
            technician=row.technician_id,
            start=row.start_at,
            end=row.end_at,
            began=row.began_at,
            ended=row.ended_at,
            promised_from=row.promised_from,
            promised_to=row.promised_to,
            pinned=row.pin is not None,
        )


class JobView(BaseModel):
    """A job, what has become of it, and what may be done to it."""

    id: UUID
    version: int
    key: str
    name: str
    state: JobState
    actions: list[JobAction]
    """What may be asked of it now."""
    priority: int
    type: str
    site: str
    sla_due: datetime | None
    earliest: datetime
    latest: datetime
    said: dict[str, Any]
    """What else the day format says of it."""
    fields: dict[str, Any]
    visits: list[VisitView]

    @staticmethod
    def of(row: JobRow) -> JobView:
        """As it is kept."""
        return JobView(
            id=row.id,
            version=row.version,
            key=row.key,
            name=row.name,
            state=row.state,
            actions=list(asked_of(row.state, seats_of(row))),
            priority=row.priority,
            type=row.type.key,
            site=row.site.key,
            sla_due=row.sla_due,
            earliest=row.earliest,
            latest=row.latest,
            said=row.said,
            fields=row.fields,
            visits=[VisitView.of(visit) for visit in row.visits],
        )


class TakenJob(JobView):
    """A job as it was taken in, and what is doubtful about it."""

    warnings: list[Wrong]
    """That all its windows are in the past (`job.past`): it is taken in all the same.

    Of one that is reopened also that others wait for it and have a place before it
    (`job.waited-for`).
    """
