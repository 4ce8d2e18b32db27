"""Pushes to one technician, and visits handed from one to another."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dispatch.domain.states.offer import PushState
from dispatch.store.rows.base import Edited, Identified, Scoped, states
from dispatch.store.rows.jobs import VisitRow
from dispatch.store.rows.technicians import TechnicianRow


class PushRow(Edited, Scoped, Identified):
    """A visit that one technician is asked to take, until a clock runs out."""

    __tablename__ = "push"
    __table_args__ = (
        CheckConstraint("answer_by > sent_at", name="order"),
        CheckConstraint("(state = 'sent') = (answered_at IS NULL)", name="answer"),
        Index("uq_push_visit", "visit_id", unique=True, postgresql_where=text("state = 'sent'")),
        Index("ix_push_due", "answer_by", postgresql_where=text("state = 'sent'")),
        Index(
            "ix_push_left",
            "id",
            postgresql_where=text("state IN ('declined', 'timed_out') AND NOT followed"),
        ),
    )

    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visit.id"), index=True)
    technician_id: Mapped[UUID] = mapped_column(ForeignKey("technician.id"), index=True)
    state: Mapped[PushState] = mapped_column(states(PushState))
    chain: Mapped[UUID]
    """The first push of those that follow one another until somebody accepts."""
    patience_s: Mapped[int]
    """How long each of them may think."""
    sent_at: Mapped[datetime]
    answer_by: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    """When it was answered, timed out or was withdrawn."""
    reason: Mapped[str] = mapped_column(default="")
    """Why it was declined."""
    followed: Mapped[bool] = mapped_column(default=False)
    """Of one that was not accepted: whether the next has been asked, or none is left."""

    visit: Mapped[VisitRow] = relationship()
    technician: Mapped[TechnicianRow] = relationship()


class TransferRow(Scoped, Identified):
    """A visit handed from one technician to another, or back to be given to anybody."""

    __tablename__ = "transfer"

    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visit.id"), index=True)
    from_id: Mapped[UUID] = mapped_column(ForeignKey("technician.id"))
    to_id: Mapped[UUID | None] = mapped_column(ForeignKey("technician.id"))
    at: Mapped[datetime]
    by: Mapped[str]
    reason: Mapped[str]
