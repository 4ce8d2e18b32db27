"""Jobs and their visits."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dispatch.domain.states.job import JobState
from dispatch.domain.states.visit import VisitState
from dispatch.store.rows.base import (
    Document,
    Edited,
    Identified,
    Keyed,
    Scoped,
    states,
)
from dispatch.store.rows.customers import SiteRow
from dispatch.store.rows.job_types import JobTypeRow
from dispatch.store.rows.technicians import ShiftRow, TechnicianRow

WAITING = (
    "job.said ? 'dependencies'"
    " AND job.state IN ('open', 'offered', 'scheduled', 'in_progress', 'on_hold')"
)
"""To be done after other jobs. In the words of the index, by which such jobs are found."""


class JobRow(Edited, Scoped, Keyed):
    """The work a customer asked for."""

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint("priority BETWEEN 1 AND 5", name="priority"),
        CheckConstraint("earliest <= latest", name="order"),
        Index("ix_job_when", "earliest", "latest"),
        Index("ix_job_waiting", "id", postgresql_where=text(WAITING)),
    )

    type_id: Mapped[UUID] = mapped_column(ForeignKey("job_type.id"), index=True)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"), index=True)
    state: Mapped[JobState] = mapped_column(states(JobState), index=True)
    name: Mapped[str] = mapped_column(default="")
    priority: Mapped[int] = mapped_column(default=3)
    sla_due: Mapped[datetime | None]
    earliest: Mapped[datetime]
    """It is to be planned on days that overlap with the time from here"""
    latest: Mapped[datetime]
    """to here: its hard windows, or the day that it came with."""
    said: Mapped[Document]
    """What else the day format says of a job, in its own words; pins and what was published are
    of its visits."""
    fields: Mapped[Document] = mapped_column(default=dict)
    """As its type's JSON Schema wants them."""

    type: Mapped[JobTypeRow] = relationship()
    site: Mapped[SiteRow] = relationship()
    visits: Mapped[list[VisitRow]] = relationship(
        back_populates="job", order_by="VisitRow.part, VisitRow.seat"
    )


class VisitRow(Edited, Scoped, Identified):
    """One trip to do a job, or one seat's part of it."""

    __tablename__ = "visit"
    __table_args__ = (
        Index(
            "uq_visit_seat",
            "job_id",
            "part",
            "seat",
            unique=True,
            postgresql_where=text("state <> 'cancelled'"),
        ),
        CheckConstraint("(technician_id IS NULL) = (start_at IS NULL)", name="start"),
        CheckConstraint("(technician_id IS NULL) = (end_at IS NULL)", name="end"),
        CheckConstraint(
            "technician_id IS NOT NULL OR state IN ('unscheduled', 'cancelled')", name="owner"
        ),
        CheckConstraint("(promised_from IS NULL) = (promised_to IS NULL)", name="promise"),
        CheckConstraint("start_at <= end_at", name="order"),
        Index(
            "ix_visit_route",
            "technician_id",
            "start_at",
            postgresql_where=text("technician_id IS NOT NULL"),
        ),
        Index("ix_visit_start_at", "start_at", postgresql_where=text("start_at IS NOT NULL")),
    )

    job_id: Mapped[UUID] = mapped_column(ForeignKey("job.id"), index=True)
    part: Mapped[int] = mapped_column(default=0)
    """0 for the first time that the job is gone to; a follow-up has the next number."""
    seat: Mapped[int] = mapped_column(default=0)
    """Which of the crew; 0 without one."""
    state: Mapped[VisitState] = mapped_column(states(VisitState), index=True)

    technician_id: Mapped[UUID | None] = mapped_column(ForeignKey("technician.id"))
    shift_id: Mapped[UUID | None] = mapped_column(ForeignKey("shift.id"), index=True)
    place: Mapped[int | None]
    """Its number on the route, from 0; routes are kept in this order."""
    arrive_at: Mapped[datetime | None]
    start_at: Mapped[datetime | None]
    end_at: Mapped[datetime | None]
    """As planned."""
    promised_from: Mapped[datetime | None]
    promised_to: Mapped[datetime | None]
    """The window in which the customer was promised that it starts."""
    pin: Mapped[Document | None]
    """In the words of the day format."""
    began_at: Mapped[datetime | None]
    """When the technician has started."""
    ended_at: Mapped[datetime | None]
    """When it was done, in part or not; none of what was cancelled."""
    paused_at: Mapped[datetime | None]
    """Since when nobody works; none while somebody does."""
    paused_s: Mapped[int] = mapped_column(default=0)
    """How long nobody worked until then."""

    job: Mapped[JobRow] = relationship(back_populates="visits")
    technician: Mapped[TechnicianRow | None] = relationship()
    shift: Mapped[ShiftRow | None] = relationship()
